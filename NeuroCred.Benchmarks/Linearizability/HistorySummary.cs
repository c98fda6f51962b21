namespace NeuroCred.Benchmarks.Linearizability;

internal static class HistorySummary
{
    /// <summary>A line for all operations, and one for each kind.</summary>
    public static IEnumerable<string> Describe(IReadOnlyCollection<Operation> history)
    {
        if (history.Count == 0)
        {
            return ["No operations."];
        }

        return history
            .GroupBy(o => o.Kind)
            .OrderBy(kind => kind.Key)
            .Select(kind => Describe($"{kind.Key}", [.. kind]))
            .Prepend(Describe("Operations", history));
    }

    private static string Describe(string name, IReadOnlyCollection<Operation> operations)
    {
        int Count(OperationOutcome outcome) => operations.Count(o => o.Outcome == outcome);
        var why = operations
            .Where(o => o.Outcome != OperationOutcome.Ok)
            .CountBy(o => o.Told ?? "")
            .OrderByDescending(w => w.Value)
            .Select(w => $"{w.Value} x {w.Key}");
        return $"{name}: {operations.Count}, of which {Count(OperationOutcome.Ok)} ok, {Count(OperationOutcome.Failed)} not carried out, "
            + $"{Count(OperationOutcome.Unknown)} unknown ({string.Join(", ", why.DefaultIfEmpty("none"))}); "
            + $"the slowest {operations.Max(o => o.Completed - o.Invoked) / 1e6:0.0} s.";
    }
}
