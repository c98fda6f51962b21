using NeuroCred.Monitor.Model;
using static NeuroCred.Monitor.Diagnostics.FindingText;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>The gateway held requests because no replica could serve them. Those that it holds now are not in the log yet.</summary>
internal sealed class HeldRequests : IRule
{
    public IEnumerable<Finding> Judge(Observation now, IReadOnlyList<Finding> found)
    {
        if (now.Gateway.Held is not { } held || found.Any(f => f.Id == FindingIds.SharedDependency))
        {
            yield break;
        }

        var failed = now.Gateway.HeldFailed;
        yield return new(
            FindingIds.HeldNoReplica,
            failed > 0 ? FindingSeverity.Critical : FindingSeverity.Warning,
            [.. now.Replicas.Select(r => r.Name)],
            failed > 0
                ? $"No replica could serve: {failed} of {Count(held.Count, "held request")} failed"
                : $"No replica could serve: {Count(held.Count, "request")} had to wait",
            "All replicas refused connections, timed out, were not ready or answered 503 at the same time: they were stopped, restarted or "
                + "drained together, a dependency that all of them need was down, or their queues were full.",
            [
                $"Within {Time(now.Window)} the gateway held {Count(held.Count, "request")}, half of them for {Time(held.P50)} or less, "
                    + $"the longest for {Time(held.Max)}.",
                failed == 0
                    ? "None of them failed."
                    : $"{failed} of them failed: no replica could serve within {Time(now.Policy.Holding.Time)} (Balancing:Holding:Time), "
                        + "or every replica that reported to be ready answered 503.",
            ],
            [
                "Look at the timeline: what happened to all replicas at once?",
                "If nothing did: look at Postgres, and at requests that queue (aspnetcore_rate_limiting_queued_requests of /metrics): add "
                    + "replicas then.",
                "Restart and drain replicas one at a time, as the gateway's command Rolling restart does.",
                "If they take longer to start than requests are held, find out why, or set Balancing:Holding:Time higher.",
            ]
        );
    }
}
