using NeuroCred.Benchmarks.Linearizability;
using static NeuroCred.Tests.Benchmarks.Linearizability.HandWritten;

namespace NeuroCred.Tests.Benchmarks.Linearizability;

/// <summary>Makes legal histories.</summary>
internal static class RandomHistory
{
    private const int Operations = 60;

    /// <summary>Makes one. Its operations happen a second after one another, and overlap with a few before and after.</summary>
    public static IReadOnlyList<Operation> Create(int seed)
    {
        var random = new Random(seed);
        var stored = new SortedSet<int>();
        var keys = new Dictionary<string, string>();
        var scores = new List<string>();
        var history = new List<Operation>();
        for (var at = 0; at < Operations; at++)
        {
            double from = at - (random.NextDouble() * 3),
                to = at + (random.NextDouble() * 3);
            var operation = random.Next(10) switch
            {
                0 or 1 when stored.Count < ScoreBody.MaxTransactions => Add(from, to, stored.Count, stored.Add(stored.Count)),
                2 when stored.Count > 0 => Add(from, to, random.Next(stored.Count), wasNew: false),
                3 or 4 => Compute(from, to, $"k{keys.Count}", ComputeNew()),
                5 when keys.Count > 0 => Replay(from, to),
                6 => ReadAll(from, to, [.. scores]),
                _ => Read(from, to, scores is [] ? null : scores[^1]),
            };
            history.Add(random.Next(10) == 0 ? operation.Unknown() : operation);
        }

        return [.. history.Select((operation, client) => operation with { Client = client })];

        string ComputeNew()
        {
            var body = Body($"score {keys.Count}", [.. stored]);
            scores.Add(body);
            return keys[$"k{keys.Count}"] = body;
        }

        Operation Replay(double from, double to)
        {
            var key = $"k{random.Next(keys.Count)}";
            return Compute(from, to, key, keys[key]);
        }
    }
}
