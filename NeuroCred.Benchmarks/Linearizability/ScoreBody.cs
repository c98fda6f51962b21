using System.Numerics;
using System.Text.Json;

namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>
/// A score as it was answered, and the transactions that it counts. Transaction <c>n</c> of a wallet is worth 2^n dollars, so the volume
/// that the score explains itself with says exactly which ones.
/// </summary>
/// <param name="Text">The body, byte for byte.</param>
/// <param name="Transactions">A bit for each transaction that it counts.</param>
/// <param name="Value">The score.</param>
/// <param name="ComputedAt">When it says that it was computed.</param>
internal sealed record ScoreBody(string Text, ulong Transactions, int Value, string ComputedAt)
{
    /// <summary>How many transactions a wallet can have: the API takes values of up to 10^12 dollars.</summary>
    public const int MaxTransactions = 40;

    /// <summary>What transaction <paramref name="number"/> is worth.</summary>
    public static long ValueOf(int number) => 1L << number;

    /// <exception cref="FormatException">It is none, or what it says of the number of transactions contradicts their volume.</exception>
    public static ScoreBody Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var score = json.RootElement;
            var features = score.GetProperty("explanation").EnumerateArray().ToDictionary(f => f.GetProperty("feature").GetString()!);
            double Get(string feature) => features[feature].GetProperty("value").GetDouble();
            var transactions = (ulong)Math.Round(Get("volumeUsd"));
            return Get("transactions") == BitOperations.PopCount(transactions)
                ? new(text, transactions, score.GetProperty("score").GetInt32(), score.GetProperty("computedAt").GetString()!)
                : throw new FormatException($"The score's number of transactions contradicts their volume: {text}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"This is no score: {text}", e);
        }
    }
}

/// <summary>The scores that a history has, each read once however often it was answered.</summary>
internal sealed class ScoreBodies
{
    private readonly Dictionary<string, ScoreBody> _bodies = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">See <see cref="ScoreBody.Read"/>.</exception>
    public ScoreBody Read(string text) => _bodies.TryGetValue(text, out var body) ? body : _bodies[text] = ScoreBody.Read(text);
}
