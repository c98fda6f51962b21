using System.Collections.Concurrent;
using System.Diagnostics;

namespace NeuroCred.Testing.Load;

/// <summary>Keeps a machine busy: some clients, each of which sends its next request when the last one was answered.</summary>
/// <param name="gateway">Where to.</param>
/// <param name="clients">How many.</param>
/// <param name="next">Makes the next request; null ends it.</param>
internal sealed class ClosedLoopClient(Uri gateway, int clients, Func<WorkItem?> next) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = gateway,
        Timeout = OpenLoopClient.RequestTimeout,
    };
    private readonly ConcurrentBag<Outcome> _outcomes = [];

    /// <summary>Sends until told to stop, or nothing is left to send.</summary>
    public async Task<IReadOnlyList<Outcome>> RunAsync(CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => SendAllAsync(stop), CancellationToken.None)));
        return [.. _outcomes];
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAllAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && next() is { } item)
        {
            _outcomes.Add(await OpenLoopClient.SendAsync(_http, item, Stopwatch.GetTimestamp()));
        }
    }
}
