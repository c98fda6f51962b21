namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>WebSockets that a replica holds: <c>least_conn</c> counts each as a request under way.</summary>
internal static class LongConnections
{
    /// <summary>How many more than the others it must hold: more than the requests that a replica usually has under way at once.</summary>
    public const int LeastSurplus = 5;

    /// <summary>Whether a replica holds clearly more than the others do.</summary>
    public static bool Hold(Observation now, ObservedReplica replica) =>
        replica.Server is { } server && server.LiveConnections >= Typical(now, replica) * 2 + LeastSurplus;

    /// <summary>How many each of the others holds, on average.</summary>
    public static double Typical(Observation now, ObservedReplica replica) =>
        now.Replicas.Where(r => r != replica && r.IsServing).Select(r => r.Server?.LiveConnections ?? 0).DefaultIfEmpty(0).Average();
}
