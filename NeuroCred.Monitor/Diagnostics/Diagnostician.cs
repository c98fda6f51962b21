using System.Diagnostics.CodeAnalysis;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Diagnostics.Rules;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Looks, judges, and says what lasts. Safe for use by several threads.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by dependency injection.")]
internal sealed class Diagnostician(MonitorOptions options, ITrafficSource traffic, IReplicaHealthSource health, IServerMetricsSource servers, TimeProvider time) : IDiagnostician
{
    // In this order, since what one explains the next ones do not say again: a shared dependency outranks its replicas, a replica that is gone
    // outranks what its going does to the rest, a known reason for slowness outranks the slowness.
    private static readonly IRule[] s_rules = [new SharedDependency(), new NoTraffic(), new HeldRequests(), new HighLatency(), new UnevenDistribution(), new UnexplainedLatency(), new RisingRetries()];

    private readonly Lock _lock = new();
    private readonly Observer _observer = new(options, traffic, health, servers, time);
    private readonly Steadiness _steadiness = new(options.Window);
    private readonly UsualRetries _usual = new();

    public Diagnosis Diagnose()
    {
        lock (_lock)
        {
            var now = _observer.Observe(_usual.Ratio);
            var candidates = Judge(now);
            if (candidates.All(c => c.Id != FindingIds.RetriesRising))
            {
                _usual.Learn(now.Time, RisingRetries.Ratio(now, candidates));
            }

            var findings = _steadiness.Look(now.Time, candidates)
                .OrderByDescending(f => f.Severity).ThenBy(f => FindingIds.RankOf(f.Id)).ThenBy(f => f.Replicas is [var first, ..] ? first : "", StringComparer.Ordinal)
                .ToList();
            return new(now.Time, Summarize(findings), findings);
        }
    }

    /// <summary>What the rules say of one moment, each after those that outrank it.</summary>
    internal static IReadOnlyList<Candidate> Judge(Observation now)
    {
        var found = new List<Candidate>();
        foreach (var rule in s_rules)
        {
            found.AddRange(rule.Judge(now, [.. found]));
        }

        return found;
    }

    internal static string Summarize(IReadOnlyList<Finding> findings) => findings switch
    {
        [] => "Nothing wrong.",
        [var only] => $"{only.Title}.",
        [var worst, ..] => $"{findings.Count} findings. The worst: {worst.Title}.",
    };
}
