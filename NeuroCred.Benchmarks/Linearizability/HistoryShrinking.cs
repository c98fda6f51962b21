using System.Numerics;

namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>A part of a wallet's history that violates the model by itself.</summary>
/// <param name="Operations">Its operations. One whose answer does not matter is here with an unknown outcome.</param>
/// <param name="Ignored">A bit for each transaction that does not matter.</param>
internal sealed record HistoryPart(IReadOnlyList<Operation> Operations, ulong Ignored);

/// <summary>
/// Shrinks a history that violates the model, as long as the rest still violates it. Each of its changes keeps a legal history legal,
/// so the rest is wrong by itself: ending it earlier, leaving out a read, leaving out a transaction everywhere, and forgetting a write's
/// answer. Leaving out a write is no such change.
/// </summary>
/// <param name="bodies">The scores that were answered.</param>
/// <param name="violates">Whether a part violates the model.</param>
internal sealed class HistoryShrinking(ScoreBodies bodies, Func<HistoryPart, bool> violates)
{
    /// <param name="history">The history of one wallet, which violates the model.</param>
    public HistoryPart Run(IReadOnlyList<Operation> history)
    {
        var part = End(history);
        for (var before = -1; before != Size(part); )
        {
            before = Size(part);
            part = LeaveReadsOut(part);
            part = LeaveTransactionsOut(part);
            part = ForgetAnswers(part);
        }

        return part;
    }

    // What each round makes smaller, or it was the last one.
    private static int Size(HistoryPart part) =>
        part.Operations.Count + part.Operations.Count(o => o.Outcome == OperationOutcome.Ok) - BitOperations.PopCount(part.Ignored);

    // What the clients knew at an instant is legal if all is: the earliest instant at which it was not.
    private HistoryPart End(IReadOnlyList<Operation> history)
    {
        long[] ends = [.. history.Where(o => o.Outcome == OperationOutcome.Ok).Select(o => o.Completed).Order().Distinct()];
        var (low, high) = (0, ends.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = violates(KnownAt(history, ends[middle])) ? (low, middle) : (middle + 1, high);
        }

        return KnownAt(history, ends[low]);
    }

    private static HistoryPart KnownAt(IReadOnlyList<Operation> history, long time) =>
        new([.. history.Where(o => o.Invoked <= time).Select(o => o.Completed > time ? Forget(o) : o)], 0);

    private static Operation Forget(Operation operation) =>
        operation.Outcome == OperationOutcome.Ok ? operation with { Outcome = OperationOutcome.Unknown } : operation;

    private HistoryPart LeaveReadsOut(HistoryPart part)
    {
        foreach (var read in part.Operations.Where(o => o.IsRead).Reverse().ToList())
        {
            part = IfItViolates(part, part with { Operations = [.. part.Operations.Where(o => o != read)] });
        }

        return part;
    }

    private HistoryPart ForgetAnswers(HistoryPart part)
    {
        foreach (var write in part.Operations.Where(o => o is { IsRead: false, Outcome: OperationOutcome.Ok }).Reverse().ToList())
        {
            part = IfItViolates(part, part with { Operations = [.. part.Operations.Select(o => o == write ? Forget(o) : o)] });
        }

        return part with
        {
            Operations = Used(part),
        };
    }

    private HistoryPart LeaveTransactionsOut(HistoryPart part)
    {
        for (var transaction = 0; transaction < ScoreBody.MaxTransactions; transaction++)
        {
            var bit = 1UL << transaction;
            if ((part.Ignored & bit) == 0)
            {
                part = IfItViolates(part, new([.. part.Operations.Where(o => o.Transaction != transaction)], part.Ignored | bit));
            }
        }

        return part;
    }

    private HistoryPart IfItViolates(HistoryPart part, HistoryPart smaller) => violates(smaller) ? smaller : part;

    /// <summary>The operations that have a step at all.</summary>
    private IReadOnlyList<Operation> Used(HistoryPart part)
    {
        var model = new WalletModel(part.Operations, bodies, part.Ignored);
        var used = Enumerable.Range(0, model.Steps.Count).Select(model.OperationOf).ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. part.Operations.Where(used.Contains)];
    }
}
