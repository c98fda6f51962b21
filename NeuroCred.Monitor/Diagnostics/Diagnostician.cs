using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Diagnostics.Rules;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Applies the rules to one observation after another, and reports what lasts.</summary>
internal sealed class Diagnostician(MonitorOptions options)
{
    // In this order, since later rules leave out what earlier ones explain: a shared dependency explains what its replicas suffer, a
    // replica that is down explains the attempts that failed there, a known reason for slowness explains the slowness.
    private static readonly IRule[] s_rules =
    [
        new SilentGateway(),
        new UnreadableLog(),
        new SharedDependency(),
        new NoTraffic(),
        new HeldRequests(),
        new HighLatency(),
        new UnevenDistribution(),
        new UnexplainedLatency(),
        new RisingRetries(),
    ];

    private readonly FindingDebouncer _debouncer = new(options.Window);
    private readonly RetryBaseline _retries = new();

    /// <summary>Diagnoses the system as of one observation, which is later than the one before.</summary>
    public Diagnosis Diagnose(Observation observed)
    {
        var now = observed with { UsualFailoverRatio = _retries.Ratio };
        var found = Judge(now);
        if (found.All(c => c.Id != FindingIds.RetriesRising))
        {
            _retries.Add(now.Time, RisingRetries.Ratio(now, found));
        }

        var findings = _debouncer
            .Update(now.Time, found)
            .OrderByDescending(f => f.Severity)
            .ThenBy(f => FindingIds.RankOf(f.Id))
            .ThenBy(f => f.Replicas is [var first, ..] ? first : "", StringComparer.Ordinal)
            .ToList();
        return new(now.Time, Summarize(findings), findings);
    }

    /// <summary>What the rules find in one observation.</summary>
    internal static IReadOnlyList<Finding> Judge(Observation now)
    {
        var found = new List<Finding>();
        foreach (var rule in s_rules)
        {
            found.AddRange(rule.Judge(now, [.. found]));
        }

        return found;
    }

    private static string Summarize(List<Finding> findings) =>
        findings switch
        {
            [] => "Nothing wrong.",
            [var only] => $"{only.Title}.",
            [var worst, ..] => $"{findings.Count} findings. The worst: {worst.Title}.",
        };
}
