using NeuroCred.Benchmarks.Linearizability;
using static NeuroCred.Tests.Benchmarks.Linearizability.HandWritten;

namespace NeuroCred.Tests.Benchmarks.Linearizability;

/// <summary>Random histories: each operation happened at an instant, and took a random time before and after it.</summary>
public sealed class RandomHistoryTests
{
    [Fact]
    public void What_comes_from_one_order_is_accepted_however_it_overlaps_and_whatever_has_no_answer()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var found = Check([.. RandomHistory.Create(seed)]);
            Assert.True(found.Verdict == Verdict.Linearizable, $"Seed {seed}: {found.Problem}");
        }
    }

    [Fact]
    public void A_read_swapped_for_a_score_that_was_replaced_before_it_began_is_rejected()
    {
        var rejected = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var history = RandomHistory.Create(seed);
            if (Stale(history, new(seed)) is { } stale)
            {
                var found = Check([.. stale]);
                Assert.True(found.Verdict == Verdict.NotLinearizable, $"Seed {seed}: {found.Verdict}");
                rejected++;
            }
        }

        Assert.InRange(rejected, 25, 40);
    }

    /// <summary>Has a read show a score that had been followed by another one when the read began, as the answers of both prove.</summary>
    private static IReadOnlyList<Operation>? Stale(IReadOnlyList<Operation> history, Random random)
    {
        var scores = history.Where(o => o is { Kind: OperationKind.ComputeScore, Outcome: OperationOutcome.Ok }).ToList();
        var swaps = from read in history
                    where read is { Kind: OperationKind.ReadScore, Outcome: OperationOutcome.Ok }
                    from old in scores
                    where old.Score != read.Score && scores.Exists(s => s.Score != old.Score && s.Invoked > old.Completed && s.Completed < read.Invoked && IsFirst(s))
                    select (Read: read, Old: old);
        return swaps.ToList() is [_, ..] some && some[random.Next(some.Count)] is var (swapped, shown)
            ? [.. history.Select(o => o == swapped ? o with { Score = shown.Score } : o)]
            : null;

        // Not a replay, and nothing without an answer may have stored it earlier.
        bool IsFirst(Operation score) => history.Where(o => o.Key == score.Key).Min(o => o.Invoked) == score.Invoked;
    }
}
