using System.Text;

namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>Tells a violation so that a human understands it.</summary>
internal static class ViolationText
{
    /// <summary>Tells it.</summary>
    /// <param name="history">The wallet's history.</param>
    /// <param name="window">The part of it that is wrong by itself.</param>
    /// <param name="order">The longest legal order of that part's steps, by their operations.</param>
    public static string Render(IReadOnlyList<Operation> history, HistoryPart window, IReadOnlyList<Operation> order)
    {
        var names = NameScores(history);
        var text = new StringBuilder();
        text.Append($"{history[0].Wallet}: no order of its operations explains what clients were told. ");
        text.AppendLine($"Of {history.Count} operations these {window.Operations.Count} are enough:");
        foreach (var (i, operation) in window.Operations.Index())
        {
            text.AppendLine($"  {i + 1}. {Describe(operation, history, names)}");
        }

        var explained = window
            .Operations.Where(o => order.Count(step => ReferenceEquals(step, o)) == (o.Kind == OperationKind.ComputeScore ? 2 : 1))
            .ToHashSet();
        text.Append($"The longest order that can be is {Join(order.Distinct().Where(explained.Contains))}; ");
        var left = window.Operations.Where(o => o.Outcome == OperationOutcome.Ok && !explained.Contains(o));
        text.Append($"after it there is no place for {Join(left)}.");
        return text.ToString();

        string Join(IEnumerable<Operation> operations) =>
            operations.ToList() switch
            {
                [] => "that of none",
                var some => string.Join(", ", some.Select(o => window.Operations.Index().First(w => ReferenceEquals(w.Item, o)).Index + 1)),
            };
    }

    private static string Describe(Operation operation, IReadOnlyList<Operation> history, Dictionary<string, string> names)
    {
        // A window has operations whose answer was forgotten because it does not matter; a human wants it all the same.
        var original = history.First(o => o.Client == operation.Client && o.Invoked == operation.Invoked);
        var what = original.Kind switch
        {
            OperationKind.AddTransaction => $"POST transaction {original.Transaction}",
            OperationKind.ComputeScore => $"POST score, key {original.Key}",
            OperationKind.ReadScore => "GET score",
            _ => "GET all scores",
        };
        var answer = original switch
        {
            { Outcome: OperationOutcome.Failed } => $"not carried out ({original.Told})",
            { Outcome: OperationOutcome.Unknown } => $"unknown whether it was carried out ({original.Told})",
            { Kind: OperationKind.AddTransaction } => original.WasNew == true ? "stored" : "was stored already",
            { Kind: OperationKind.ReadAllScores, AllScores: null } => original.Told,
            { AllScores: { } all } => $"{all.Count}: {string.Join("; ", all.Select((score, i) => $"{i + 1}. {Name(score)}"))}",
            { Score: { } score } => Name(score) + (original.KeyExpires is { } expires ? $", key kept until {expires}" : ""),
            _ => "no score",
        };
        var by = original.Replica is { } replica ? $" ({replica})" : "";
        return $"{Seconds(original.Invoked)} to {Seconds(original.Completed)} s, client {original.Client}: {what} -> {answer}{by}";

        string Name(string score) => names[score];
    }

    private static string Seconds(long microseconds) => $"{microseconds / 1e6:0.000000}";

    private static Dictionary<string, string> NameScores(IReadOnlyList<Operation> history)
    {
        var known = history.Where(o => o.Outcome == OperationOutcome.Ok).ToList();
        var keys = known.Where(o => o.Kind == OperationKind.ComputeScore).ToLookup(o => o.Score!, o => o.Key!);
        return known
            .SelectMany(o => o.AllScores ?? (o.Score is null ? [] : [o.Score]))
            .Distinct()
            .ToDictionary(
                text => text,
                text =>
                {
                    var body = ScoreBody.Read(text);
                    var owner = keys[text].Any() ? $"of key {string.Join(" and ", keys[text].Distinct())}" : "of no key that was answered";
                    return $"the score {body.Value} {owner}, of transactions {Ranges(body.Transactions)}, computed at {body.ComputedAt}";
                }
            );
    }

    private static string Ranges(ulong bits)
    {
        var numbers = Enumerable.Range(0, ScoreBody.MaxTransactions).Where(i => (bits >> i & 1) != 0).ToList();
        var ranges = numbers
            .Select((number, i) => (Number: number, Run: number - i))
            .GroupBy(n => n.Run, n => n.Number)
            .Select(run => run.First() == run.Last() ? $"{run.First()}" : $"{run.First()}-{run.Last()}");
        return numbers is [] ? "none" : string.Join(", ", ranges);
    }
}
