using NeuroCred.Benchmarks.Linearizability;

namespace NeuroCred.Tests.Benchmarks.Linearizability;

/// <summary>Histories of one wallet, written down by hand: times in seconds.</summary>
internal static class HandWritten
{
    /// <summary>A score's body, told from others of the same transactions by its name.</summary>
    public static string Body(string name, params int[] transactions)
    {
        var volume = transactions.Sum(ScoreBody.ValueOf);
        return $$"""{"address":"0x1","score":500,"explanation":[{"feature":"base","points":500},{"feature":"transactions","value":{{transactions.Length}},"points":0},{"feature":"volumeUsd","value":{{volume}},"points":0}],"computedAt":"{{name}}"}""";
    }

    /// <summary>A transaction was posted.</summary>
    public static Operation Add(double from, double to, int transaction, bool wasNew = true) =>
        At(from, to, OperationKind.AddTransaction) with
        {
            Transaction = transaction,
            WasNew = wasNew,
        };

    /// <summary>A score was computed, or replayed.</summary>
    public static Operation Compute(double from, double to, string key, string body) =>
        At(from, to, OperationKind.ComputeScore) with
        {
            Key = key,
            Score = body,
            KeyExpires = "tomorrow",
        };

    /// <summary>The score was read; null for the answer that there is none.</summary>
    public static Operation Read(double from, double to, string? body) => At(from, to, OperationKind.ReadScore) with { Score = body };

    /// <summary>All scores were read.</summary>
    public static Operation ReadAll(double from, double to, params string[] bodies) =>
        At(from, to, OperationKind.ReadAllScores) with
        {
            AllScores = bodies,
        };

    /// <summary>The same, but that the client had no answer.</summary>
    public static Operation Unknown(this Operation operation) => Without(operation, OperationOutcome.Unknown);

    /// <summary>The same, but that it certainly was not carried out.</summary>
    public static Operation Failed(this Operation operation) => Without(operation, OperationOutcome.Failed);

    /// <summary>Checks a history of one wallet.</summary>
    public static CheckedWallet Check(params Operation[] history) =>
        Assert.Single(WalletCheck.Run([.. history.Select((operation, client) => operation with { Client = client })]));

    private static Operation At(double from, double to, OperationKind kind) =>
        new("0x1", 0, kind, (long)(from * 1e6), (long)(to * 1e6), OperationOutcome.Ok);

    private static Operation Without(Operation operation, OperationOutcome outcome) =>
        operation with
        {
            Outcome = outcome,
            Score = null,
            AllScores = null,
            WasNew = null,
            KeyExpires = null,
        };
}
