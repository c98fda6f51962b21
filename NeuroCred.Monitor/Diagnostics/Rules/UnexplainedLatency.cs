using NeuroCred.Monitor.Model;
using static NeuroCred.Monitor.Diagnostics.FindingText;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>
/// Latency is high, and nothing that the replicas wait for takes the largest part: their own work does, or they do not report what does.
/// </summary>
internal sealed class UnexplainedLatency : IRule
{
    public IEnumerable<Finding> Judge(Observation now, IReadOnlyList<Finding> found)
    {
        if (found.Any(f => FindingIds.IsLatency(f.Id) || f.Id == FindingIds.SharedDependency) || SlowRequests.Find(now) is not { } slow)
        {
            yield break;
        }

        // A replica that is slower than the others has a finding of its own.
        var told = found.Where(f => FindingIds.IsUneven(f.Id)).SelectMany(f => f.Replicas).ToHashSet(StringComparer.Ordinal);
        if (slow.Names.All(told.Contains))
        {
            yield break;
        }

        var (title, cause, actions) = slow.Replicas.All(r => r.Server is null)
            ? (
                "the replicas do not report why",
                "The monitor cannot read /metrics of the slow replicas, so it does not know where the time goes.",
                (string[])
                    [
                        "Ask a slow replica for /metrics on its management port: does it answer, and within a second?",
                        "Look at the traces of slow requests.",
                    ]
            )
            : (
                "the replicas' own work takes the time",
                "Neither the network nor Postgres nor Redis takes the largest part of the time: the replicas' own work does. "
                    + "Usually the processor is busy, with the replicas or with other programs on their machines.",
                [
                    "Look at the processor of the replicas' machines: which programs use it?",
                    "If it is the replicas, add replicas or processors.",
                    "If the processor is idle, look at the traces of slow requests.",
                ]
            );
        yield return new(
            FindingIds.LatencyReplica,
            FindingSeverity.Warning,
            slow.Names,
            slow.Title(now, title),
            cause,
            [.. slow.Describe(now), .. slow.Replicas.Select(r => Describe(r, now.LatencyObjective))],
            actions
        );
    }

    private static string Describe(ObservedReplica replica, TimeSpan objective)
    {
        if (replica.Server is not { } server)
        {
            return $"{replica.Name}: its /metrics cannot be read.";
        }

        var time = LatencyBreakdown.Of([replica], objective);
        var cpu = server.CpuSeconds / Math.Max(0.001, server.Length.TotalSeconds);
        return $"{replica.Name}: {Percent(time.Part(time.Own))} of a request's time is its own work; it used {cpu:0.0} of "
            + $"{Count(server.CpuCount, "processor")}.";
    }
}
