using static NeuroCred.Monitor.Diagnostics.FindingText;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>The symptom of high latency: which methods are slow, and which replicas answer them slowly.</summary>
/// <param name="Methods">The methods whose 95th percentile is above the objective.</param>
/// <param name="Replicas">The replicas whose own 95th percentile of such a method is above the objective.</param>
internal sealed record SlowRequests(IReadOnlyList<string> Methods, IReadOnlyList<ObservedReplica> Replicas)
{
    /// <summary>The fewest requests of a method for a 95th percentile: with fewer, the slowest request alone decides it.</summary>
    public const int LeastRequests = 20;

    /// <summary>The fewest answers of a replica to a method, likewise.</summary>
    public const int LeastAnswers = 5;

    /// <summary>
    /// Finds them. Only replicas that have served for the whole window are judged, and by their own answers: one that has just been started
    /// is slow while its code is compiled, and raises the gateway's percentile although the others are as fast as ever.
    /// </summary>
    /// <returns>Null if no method is slow, there are too few requests to tell, or only replicas that have just been started are
    /// slow.</returns>
    public static SlowRequests? Find(Observation now)
    {
        var objective = now.LatencyObjective.TotalMilliseconds;
        bool IsSlow(ObservedReplica replica, string method) =>
            replica.Traffic.ByMethod.GetValueOrDefault(method) is { Count: >= LeastAnswers } own && own.P95 > objective;

        var settled = now.Replicas.Where(r => r.IsSettled(now)).ToList();
        var methods = now
            .Gateway.ByMethod.Where(m => m.Value.Count >= LeastRequests && m.Value.P95 > objective)
            .Select(m => m.Key)
            .Where(m => settled.Any(r => IsSlow(r, m)))
            .Order(StringComparer.Ordinal)
            .ToList();
        return methods is [] ? null : new(methods, [.. settled.Where(r => methods.Any(m => IsSlow(r, m)))]);
    }

    /// <summary>The replicas' names.</summary>
    public IReadOnlyList<string> Names => [.. Replicas.Select(r => r.Name)];

    /// <summary>The title of a finding about them.</summary>
    /// <param name="now">What they were found in.</param>
    /// <param name="why">The cause, in a few words.</param>
    public string Title(Observation now, string why) =>
        $"Latency is high{(Replicas.Count == now.Replicas.Count ? "" : $" on {List(Names)}")}: {why}";

    /// <summary>The evidence: a sentence per method, and one for the replicas.</summary>
    public IEnumerable<string> Describe(Observation now) =>
        [
            .. Methods.Select(m =>
                $"95 of 100 {m} requests take up to {Time(now.Gateway.ByMethod[m].P95)}; the objective is {Time(now.LatencyObjective)} "
                + $"({Count(now.Gateway.ByMethod[m].Count, "request")} within {Time(now.Window)})."
            ),
            Replicas.Count == now.Replicas.Count ? "All replicas are slow." : $"Slow: {List(Names)}. The others are not.",
        ];
}
