namespace NeuroCred.Tests.WholeSystem;

/// <summary>Clients that call until it is disposed.</summary>
internal sealed class DiagnosisLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly IDisposable _client;

    private DiagnosisLoad(IDisposable client, Func<CancellationToken, Task> run) => (_client, _running) = (client, run(_stop.Token));

    /// <summary>Requests at a fixed rate, whether or not earlier ones were answered.</summary>
    public static DiagnosisLoad AtRate(Uri gateway, int requestsPerSecond, Func<int, WorkItem> next)
    {
        var client = new OpenLoopClient(gateway, Connections.KeepAlive, requestsPerSecond, next);
        return new(client, client.RunAsync);
    }

    /// <summary>Reads of one path at a fixed rate.</summary>
    public static DiagnosisLoad Reading(Uri gateway, int requestsPerSecond, string path) =>
        AtRate(gateway, requestsPerSecond, _ => new("GET", path, () => Workload.Get(path)));

    /// <summary>Some clients, each of which sends its next request when the last one was answered.</summary>
    public static DiagnosisLoad OfClients(Uri gateway, int clients, Func<int, WorkItem> next)
    {
        var sent = 0;
        var client = new ClosedLoopClient(gateway, clients, () => next(Interlocked.Increment(ref sent)));
        return new(client, client.RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        _stop.Dispose();
    }
}
