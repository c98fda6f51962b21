using System.Diagnostics.CodeAnalysis;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Diagnostics.Rules;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Observes the system, applies the rules, and reports what lasts. Safe for use by several threads.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by dependency injection.")]
internal sealed class Diagnostician(
    MonitorOptions options,
    ITrafficSource traffic,
    IReplicaHealthSource health,
    IServerMetricsSource servers,
    TimeProvider time
) : IDiagnostician
{
    // In this order, since later rules leave out what earlier ones explain: a shared dependency explains what its replicas suffer, a
    // replica that is down explains the attempts that failed there, a known reason for slowness explains the slowness.
    private static readonly IRule[] s_rules =
    [
        new SharedDependency(),
        new NoTraffic(),
        new HeldRequests(),
        new HighLatency(),
        new UnevenDistribution(),
        new UnexplainedLatency(),
        new RisingRetries(),
    ];

    private readonly Lock _lock = new();
    private readonly Observer _observer = new(options, traffic, health, servers, time);
    private readonly FindingDebouncer _debouncer = new(options.Window);
    private readonly RetryBaseline _retries = new();

    public Diagnosis Diagnose()
    {
        lock (_lock)
        {
            var now = _observer.Observe(_retries.Ratio);
            var candidates = Judge(now);
            if (candidates.All(c => c.Id != FindingIds.RetriesRising))
            {
                _retries.Add(now.Time, RisingRetries.Ratio(now, candidates));
            }

            var findings = _debouncer
                .Update(now.Time, candidates)
                .OrderByDescending(f => f.Severity)
                .ThenBy(f => FindingIds.RankOf(f.Id))
                .ThenBy(f => f.Replicas is [var first, ..] ? first : "", StringComparer.Ordinal)
                .ToList();
            return new(now.Time, Summarize(findings), findings);
        }
    }

    /// <summary>What the rules find in one observation.</summary>
    internal static IReadOnlyList<Candidate> Judge(Observation now)
    {
        var found = new List<Candidate>();
        foreach (var rule in s_rules)
        {
            found.AddRange(rule.Judge(now, [.. found]));
        }

        return found;
    }

    internal static string Summarize(IReadOnlyList<Finding> findings) =>
        findings switch
        {
            [] => "Nothing wrong.",
            [var only] => $"{only.Title}.",
            [var worst, ..] => $"{findings.Count} findings. The worst: {worst.Title}.",
        };
}
