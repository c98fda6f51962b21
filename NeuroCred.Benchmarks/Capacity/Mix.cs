using NeuroCred.Benchmarks.Cost;

namespace NeuroCred.Benchmarks.Capacity;

/// <summary>What clients ask for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parts">Of each kind of request, its part of all; together 1.</param>
internal sealed record Mix(string Name, IReadOnlyDictionary<string, double> Parts)
{
    /// <summary>Nine of ten requests read, and 95 % of these find their score in Redis.</summary>
    public static Mix Reads { get; } =
        new(
            "mostly reads",
            new Dictionary<string, double>
            {
                [CostWorkload.Cached] = 0.855,
                [CostWorkload.Uncached] = 0.045,
                [CostWorkload.Transactions] = 0.05,
                [CostWorkload.Score] = 0.05,
            }
        );

    /// <summary>What <c>failover</c> has its clients ask.</summary>
    public static Mix HalfWrites { get; } =
        new(
            "half writes",
            new Dictionary<string, double>
            {
                [CostWorkload.Cached] = 0.5,
                [CostWorkload.Uncached] = 0,
                [CostWorkload.Transactions] = 0.25,
                [CostWorkload.Score] = 0.25,
            }
        );

    /// <summary>New scores, as a part of all requests.</summary>
    public double Scores => Parts[CostWorkload.Score];

    /// <summary>Requests that commit something, as a part of all.</summary>
    public double Writes => Parts[CostWorkload.Score] + Parts[CostWorkload.Transactions];

    /// <summary>A cost of the average request.</summary>
    public double Mean(CostReport costs, Func<RequestCost, double> of) => Parts.Sum(part => part.Value * of(costs[part.Key]));
}
