using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>The gateway's access log cannot be read: its traffic looks like none.</summary>
internal sealed class UnreadableLog : IRule
{
    public IEnumerable<Finding> Judge(Observation now, IReadOnlyList<Finding> found)
    {
        if (now.LogProblem is not { } problem)
        {
            yield break;
        }

        yield return new(
            FindingIds.GatewayNoLog,
            FindingSeverity.Warning,
            [],
            "The gateway's access log cannot be read: what clients ask for is not shown",
            "The monitor looks in another place than the gateway writes to, or may not read the file.",
            [$"The last attempt: {problem}", "Requests, shares and latencies count as none. The replicas' health is known all the same."],
            [
                "Compare Monitor:AccessLog with the file that the gateway writes, and with the volume that both have.",
                "Let the monitor run as a user who may read and empty that file.",
                "The monitor tries again all the time: nothing has to be restarted.",
            ]
        );
    }
}
