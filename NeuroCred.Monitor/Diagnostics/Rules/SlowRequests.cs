namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>The symptom of high latency: which requests are slow, and which replicas answer them slowly.</summary>
/// <param name="Methods">The methods whose 95th percentile is above the objective.</param>
/// <param name="Replicas">The replicas that are slow.</param>
internal sealed record SlowRequests(IReadOnlyList<string> Methods, IReadOnlyList<ObservedReplica> Replicas)
{
    /// <summary>The fewest requests of a method whose 95th percentile means something: one of them may be the slowest by chance.</summary>
    public const int LeastRequests = 20;

    /// <summary>The fewest answers of a replica, likewise.</summary>
    public const int LeastAnswers = 5;

    /// <summary>Looks for it. Null when all is well, too few requests say so, or it is none of the replicas that have served for the whole window.</summary>
    public static SlowRequests? Find(Observation now)
    {
        var objective = now.LatencyObjective.TotalMilliseconds;
        var methods = now.Gateway.ByMethod.Where(m => m.Value.Count >= LeastRequests && m.Value.P95 > objective).Select(m => m.Key).Order(StringComparer.Ordinal).ToList();
        if (methods is [])
        {
            return null;
        }

        // A method that is rare is hidden among a replica's others up to the 99th percentile.
        var settled = now.Replicas.Where(r => r.IsSettled(now) && r.Traffic.Response is { Count: >= LeastAnswers }).ToList();
        var slow = settled.Where(r => r.Traffic.Response!.P95 > objective).ToList();
        slow = slow is [] ? [.. settled.Where(r => r.Traffic.Response!.P99 > objective)] : slow;
        return slow is [] ? null : new(methods, slow);
    }

    /// <summary>The replicas' names.</summary>
    public IReadOnlyList<string> Names => [.. Replicas.Select(r => r.Name)];

    /// <summary>What shows it, in words.</summary>
    public IEnumerable<string> Describe(Observation now) =>
    [
        .. Methods.Select(m => $"95 of 100 {m} requests take up to {Words.Time(now.Gateway.ByMethod[m].P95)}; the objective is {Words.Time(now.LatencyObjective)} ({Words.Count(now.Gateway.ByMethod[m].Count, "request")} within {Words.Time(now.Window)})."),
        Replicas.Count == now.Replicas.Count ? "All replicas are slow." : $"Slow: {Words.List(Names)}.",
    ];
}
