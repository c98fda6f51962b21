using System.Text.Json.Nodes;
using NeuroCred.Api;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Scoring;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api;

/// <summary>One of the wallets in <c>samples/</c>.</summary>
/// <param name="File">The name of its file.</param>
/// <param name="Address">The wallet's address.</param>
internal sealed record Sample(string File, string Address)
{
    // Which of the samples' tokens the database counts as stable.
    private static readonly string[] s_stable = ["USDC", "DAI"];

    /// <summary>The one that the documentation uses.</summary>
    public static Sample Strong { get; } = new("strong.json", "0x582177481F742e3cfdB0245e41D432A9F27B86F2");

    public WalletAddress Wallet => WalletAddress.TryParse(Address, out var wallet) ? wallet : throw new FormatException(Address);

    /// <summary>Its transactions, as they are sent.</summary>
    public IEnumerable<JsonNode> Transactions => Read()["transactions"]!.AsArray().Select(transaction => transaction!.DeepClone());

    /// <summary>Its transactions, as they are stored.</summary>
    public IReadOnlyList<WalletTransaction> ReadBatch()
    {
        using var json = JsonDocument.Parse(Read().ToJsonString());
        var batch = TransactionBatch.Read(
            json.RootElement.GetProperty("transactions"),
            DateTimeOffset.MinValue,
            DateTimeOffset.UtcNow,
            out var errors
        );
        Assert.Empty(errors);
        return batch!.Transactions;
    }

    /// <summary>What the scorecard says about it.</summary>
    public Assessment Assess()
    {
        var transactions = ReadBatch();
        var first = transactions.Min(t => t.Timestamp.Date);
        var weeks = transactions
            .GroupBy(t => (t.Timestamp.Date - first).Days / 7)
            .Select(week => new WeeklyActivity(
                week.Key,
                week.DistinctBy(t => t.Timestamp.Date).Count(),
                week.Count(),
                week.Sum(t => t.ValueUsd),
                week.Where(t => s_stable.Contains(t.Token)).Sum(t => t.ValueUsd)
            ));
        return Scorecard.Assess(WalletFeatures.Of([.. weeks], stakingTier: 0));
    }

    /// <summary>Its score, as it is answered.</summary>
    public JsonNode Score
    {
        get
        {
            var answer = ScoreAnswer.After(previous: null, Wallet, Assess(), new DateTime(2025, 12, 1, 12, 0, 0, DateTimeKind.Utc));
            return JsonSerializer.SerializeToNode(answer, ApiJson.Default.ScoreAnswer)!;
        }
    }

    private JsonNode Read() => JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Repository.Folder, "samples", File)))!;
}
