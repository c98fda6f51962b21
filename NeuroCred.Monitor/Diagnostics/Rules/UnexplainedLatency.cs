using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>Latency is high, and nothing that the replicas wait for is why: their own work takes the time.</summary>
internal sealed class UnexplainedLatency : IRule
{
    public IEnumerable<Candidate> Judge(Observation now, IReadOnlyList<Candidate> found)
    {
        if (found.Any(f => FindingIds.IsLatency(f.Id) || f.Id == FindingIds.SharedDependency) || SlowRequests.Find(now) is not { } slow)
        {
            yield break;
        }

        // One slow replica among others was told as that.
        var told = found.Where(f => FindingIds.IsUneven(f.Id)).SelectMany(f => f.Replicas).ToHashSet(StringComparer.Ordinal);
        if (slow.Names.All(told.Contains))
        {
            yield break;
        }

        yield return new(
            FindingIds.LatencyReplica,
            FindingSeverity.Warning,
            slow.Names,
            "Latency is high: the replicas themselves take the time",
            "Neither the network nor anything that the replicas wait for takes the largest part: it is their own work. Mostly the processor is busy, with them or with something beside them.",
            [.. slow.Describe(now), .. slow.Replicas.Select(r => Describe(r, now.LatencyObjective))],
            [
                "Look at the processor of their machines: who else uses it?",
                "Add replicas or processors if it is the load.",
                "Look at the traces of slow requests, if it is not.",
            ]);
    }

    private static string Describe(ObservedReplica replica, TimeSpan objective)
    {
        if (replica.Server is not { } server)
        {
            return $"{replica.Name} does not say what it does: its /metrics cannot be read.";
        }

        var time = LatencyBreakdown.Of([replica], objective);
        var cpu = server.CpuSeconds / Math.Max(0.001, server.Length.TotalSeconds);
        return $"{replica.Name} works itself for {Words.Percent(time.Part(time.Own))} of a request's time, and used {cpu:0.0} of {Words.Count(server.CpuCount, "processor")}.";
    }
}
