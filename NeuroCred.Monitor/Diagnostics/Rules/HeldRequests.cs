using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>The gateway held requests, because for a while no replica could serve. Those that it holds now are in no log yet.</summary>
internal sealed class HeldRequests : IRule
{
    public IEnumerable<Candidate> Judge(Observation now, IReadOnlyList<Candidate> found)
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
            failed > 0 ? $"No replica could serve: {failed} of {Words.Count(held.Count, "held request")} failed" : $"No replica could serve: {Words.Count(held.Count, "request")} had to wait",
            "All replicas refused, were not ready or answered 503 at the same time: they were stopped, restarted or drained together, or what they share was away.",
            [
                $"Within {Words.Time(now.Window)} the gateway held {Words.Count(held.Count, "request")}, half of them for {Words.Time(held.P50)} or less, the longest for {Words.Time(held.Max)}.",
                $"{failed} of them failed: they were held for longer than {Words.Time(now.Policy.Holding.Time)} (Balancing:Holding:Time), or every replica that said it is ready answered 503.",
            ],
            [
                "Look at the timeline: what happened to all replicas at once?",
                "Restart and drain replicas one at a time: the gateway's command Rolling restart does.",
                "If they take longer to start than requests are held, find out why, or set Balancing:Holding:Time higher.",
            ]);
    }
}
