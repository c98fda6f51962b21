using NeuroCred.Benchmarks.Linearizability;

namespace NeuroCred.Tests.Benchmarks.Linearizability;

/// <summary>Random histories: each operation happened at an instant, and took a random time before and after it.</summary>
public sealed class RandomHistoryTests
{
    [Fact]
    public void What_comes_from_one_order_is_accepted_however_it_overlaps_and_whatever_has_no_answer()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            Assert.Equal((seed, Verdict.Linearizable), (seed, Search(RandomHistory.Create(seed))));
        }
    }

    [Fact]
    public void A_read_swapped_for_a_score_that_was_replaced_before_it_began_is_rejected()
    {
        var rejected = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var history = RandomHistory.Create(seed);
            if (Stale(history, new(seed)) is { } stale)
            {
                Assert.Equal((seed, Verdict.NotLinearizable), (seed, Search(stale)));
                rejected++;
            }
        }

        Assert.InRange(rejected, 60, 100);
    }

    // Without the shrinking, which is tested elsewhere and would take most of the time.
    private static Verdict Search(IReadOnlyList<Operation> history) =>
        LinearizabilitySearch.Run(new WalletModel(history, new()).Steps, WalletCheck.DefaultLimit).Verdict;

    /// <summary>Has a read show a score that had been followed by another one when the read began, as the answers of both prove.</summary>
    private static IReadOnlyList<Operation>? Stale(IReadOnlyList<Operation> history, Random random)
    {
        var scores = history.Where(o => o is { Kind: OperationKind.ComputeScore, Outcome: OperationOutcome.Ok }).ToList();
        var swaps =
            from read in history
            where read is { Kind: OperationKind.ReadScore, Outcome: OperationOutcome.Ok }
            from old in scores
            where old.Score != read.Score && scores.Exists(s => IsBetween(s, old, read) && IsFirst(s))
            select (Read: read, Old: old);
        return swaps.ToList() is [_, ..] some && some[random.Next(some.Count)] is var (swapped, shown)
            ? [.. history.Select(o => o == swapped ? o with { Score = shown.Score } : o)]
            : null;

        bool IsBetween(Operation score, Operation old, Operation read) =>
            score.Score != old.Score && score.Invoked > old.Completed && score.Completed < read.Invoked;

        // Not a replay, and nothing without an answer may have stored it earlier.
        bool IsFirst(Operation score) => history.Where(o => o.Key == score.Key).Min(o => o.Invoked) == score.Invoked;
    }
}
