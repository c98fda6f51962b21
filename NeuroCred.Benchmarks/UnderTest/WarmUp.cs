namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>Calls a new replica until its code is compiled, so that the first contestant does not pay for it.</summary>
internal static class WarmUp
{
    // The three replicas are warmed up at once, and more than this machine manages would be refused.
    private const int RequestsPerSecond = 70;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(Uri replica, CancellationToken cancellationToken)
    {
        var seed = $"warm-up {Guid.NewGuid():N}";
        var wallet = await Workload.CreateScoredWalletAsync(replica, seed, cancellationToken);
        using var client = new OpenLoopClient(replica, Connections.KeepAlive, RequestsPerSecond, new Workload(seed, wallet).Next);
        await client.RunWhileAsync(() => Task.Delay(s_duration, cancellationToken));
    }
}
