using NeuroCred.Monitor.Model;
using static NeuroCred.Monitor.Diagnostics.FindingText;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>The gateway does not answer: nobody is served, however well the replicas are. Or only the monitor cannot reach it.</summary>
internal sealed class SilentGateway : IRule
{
    public IEnumerable<Finding> Judge(Observation now, IReadOnlyList<Finding> found)
    {
        if (now.GatewaySilence is not { } silence)
        {
            yield break;
        }

        // Requests that it answered before it fell silent are no longer among the recent ones.
        var serves = silence > Observer.Recent && now.RecentRequests > 0;
        yield return new(
            FindingIds.GatewayNoAnswer,
            serves ? FindingSeverity.Warning : FindingSeverity.Critical,
            [],
            serves ? "The gateway serves, but does not answer the monitor" : "The gateway does not answer: no request reaches a replica",
            serves
                ? "Monitor:GatewayStatus is wrong, or the network between the monitor and the gateway's status port."
                : "nginx has ended, was never started, hangs, or has no free connection; or only the monitor cannot reach it.",
            [
                $"Its status port has given no valid answer for {Time(silence)}.",
                $"Its log has {Count(now.RecentRequests, "request")} of the last seconds.",
            ],
            serves
                ?
                [
                    "Compare Monitor:GatewayStatus with the gateway's status port.",
                    "If both are the same, look at the network between them.",
                ]
                :
                [
                    "Look whether nginx runs, and at the end of its log. Start it again if it was stopped.",
                    "If it runs, ask it yourself: /nginx-health on its port for clients answers 200 whatever the replicas do.",
                    "If it answers you, look at Monitor:GatewayStatus, and at the network between the monitor and the gateway.",
                ]
        );
    }
}
