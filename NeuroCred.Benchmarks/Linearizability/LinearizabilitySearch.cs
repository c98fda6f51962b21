using System.Runtime.InteropServices;

namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>What a search says of a history.</summary>
internal enum Verdict
{
    /// <summary>There is an order of the steps that the model allows and that contradicts no clock.</summary>
    Linearizable,

    /// <summary>There is none.</summary>
    NotLinearizable,

    /// <summary>None was found before the limit was reached. This counts as a failure, since nothing was proven.</summary>
    NotDecided,
}

/// <summary>A step of a history: something that happened at one instant between two times.</summary>
/// <param name="Invoked">Not before.</param>
/// <param name="Completed">Not after; null if it may happen at any later time, or never.</param>
/// <param name="Apply">
/// What it makes of a state; null if it cannot happen there. For a step that may never happen it may also be null where the
/// step would change nothing.
/// </param>
internal sealed record Step(long Invoked, long? Completed, Func<WalletState, WalletState?> Apply);

/// <summary>How a search ended.</summary>
/// <param name="Verdict">What it found.</param>
/// <param name="Order">The order that was found, or else the longest that is possible: indexes of steps.</param>
/// <param name="Visited">How many configurations were looked at.</param>
internal sealed record SearchResult(Verdict Verdict, IReadOnlyList<int> Order, int Visited);

/// <summary>
/// Looks for a legal order of steps: the algorithm of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993) with the memory of
/// Lowe ("Testing for Linearizability", 2017): a set of steps that led to the same state in another order before is not followed again.
/// </summary>
internal static class LinearizabilitySearch
{
    /// <summary>Searches.</summary>
    /// <param name="steps">The steps, in any order.</param>
    /// <param name="limit">How many configurations may be looked at.</param>
    public static SearchResult Run(IReadOnlyList<Step> steps, int limit)
    {
        var timeline = new Timeline([.. steps.Select(s => (s.Invoked, s.Completed))]);
        var seen = new HashSet<Configuration>();
        var done = new StepSet(steps.Count);
        var path = new Stack<(int Step, WalletState Before)>();
        IReadOnlyList<int> longest = [];
        var state = WalletState.Empty;
        var open = steps.Count(s => s.Completed is not null);
        var entry = timeline.First;
        while (open > 0)
        {
            if (entry is { IsInvocation: true })
            {
                var (step, after) = (entry.Step, steps[entry.Step].Apply(state));
                if (after is not null && seen.Add(new(done.With(step), after)))
                {
                    if (seen.Count > limit)
                    {
                        return new(Verdict.NotDecided, longest, seen.Count);
                    }

                    path.Push((step, state));
                    (state, done) = (after, done.With(step));
                    open -= steps[step].Completed is null ? 0 : 1;
                    timeline.Remove(step);
                    entry = timeline.First;
                }
                else
                {
                    entry = entry.Next;
                }

                continue;
            }

            // A completion: what completed must have happened by now. So the last step was the wrong one.
            if (path.Count > longest.Count)
            {
                longest = [.. path.Reverse().Select(p => p.Step)];
            }

            if (!path.TryPop(out var last))
            {
                return new(Verdict.NotLinearizable, longest, seen.Count);
            }

            (state, done) = (last.Before, done.Without(last.Step));
            open += steps[last.Step].Completed is null ? 0 : 1;
            timeline.PutBack(last.Step);
            entry = timeline.InvocationOf(last.Step).Next;
        }

        return new(Verdict.Linearizable, [.. path.Reverse().Select(p => p.Step)], seen.Count);
    }

    private readonly record struct Configuration(StepSet Done, WalletState State);

    /// <summary>A set of steps, compared by value.</summary>
    private readonly struct StepSet : IEquatable<StepSet>
    {
        private readonly ulong[] _bits;

        public StepSet(int count) => _bits = new ulong[(count + 63) / 64];

        private StepSet(ulong[] bits) => _bits = bits;

        public StepSet With(int step) => Change(step, static (bits, bit) => bits | bit);

        public StepSet Without(int step) => Change(step, static (bits, bit) => bits & ~bit);

        public bool Equals(StepSet other) => _bits.AsSpan().SequenceEqual(other._bits);

        public override bool Equals(object? obj) => obj is StepSet other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(_bits.AsSpan()));
            return hash.ToHashCode();
        }

        private StepSet Change(int step, Func<ulong, ulong, ulong> change)
        {
            var bits = (ulong[])_bits.Clone();
            bits[step / 64] = change(bits[step / 64], 1UL << (step % 64));
            return new(bits);
        }
    }

    /// <summary>The invocations and completions of the steps that have not happened yet, by time.</summary>
    private sealed class Timeline
    {
        private readonly Entry _head = new(-1, isInvocation: false);
        private readonly Entry[] _invocations;
        private readonly Entry?[] _completions;

        public Timeline(IReadOnlyList<(long Invoked, long? Completed)> steps)
        {
            _invocations = [.. steps.Select((_, i) => new Entry(i, isInvocation: true))];
            _completions = [.. steps.Select((s, i) => s.Completed is null ? null : new Entry(i, isInvocation: false))];

            // At the same microsecond the invocation counts as the earlier: which was first is not known, so both orders are allowed.
            var entries = _invocations
                .Select(e => (Time: steps[e.Step].Invoked, Entry: e))
                .Concat(_completions.OfType<Entry>().Select(e => (Time: steps[e.Step].Completed!.Value, Entry: e)))
                .OrderBy(e => e.Time)
                .ThenBy(e => e.Entry.IsInvocation ? 0 : 1)
                .ThenBy(e => e.Entry.Step);
            var last = _head;
            foreach (var (_, entry) in entries)
            {
                (last.Next, entry.Previous) = (entry, last);
                last = entry;
            }
        }

        public Entry? First => _head.Next;

        public Entry InvocationOf(int step) => _invocations[step];

        public void Remove(int step)
        {
            _invocations[step].Leave();
            _completions[step]?.Leave();
        }

        // In the opposite order of Remove, so that each finds the neighbours that it had.
        public void PutBack(int step)
        {
            _completions[step]?.Return();
            _invocations[step].Return();
        }
    }

    private sealed class Entry(int step, bool isInvocation)
    {
        public int Step => step;

        public bool IsInvocation => isInvocation;

        public Entry? Previous { get; set; }

        public Entry? Next { get; set; }

        public void Leave()
        {
            Previous!.Next = Next;
            Next?.Previous = Previous;
        }

        public void Return()
        {
            Previous!.Next = this;
            Next?.Previous = this;
        }
    }
}
