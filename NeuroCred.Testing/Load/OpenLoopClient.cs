using System.Diagnostics;

namespace NeuroCred.Testing.Load;

/// <summary>How a client connects.</summary>
public enum Connections
{
    /// <summary>Each request has a connection of its own.</summary>
    New,

    /// <summary>Connections are kept and used again.</summary>
    KeepAlive,
}

/// <summary>
/// Sends requests at a fixed rate, whether or not earlier ones were answered, and measures each from the moment it was
/// due: a stall is seen by every request that falls into it. It never sends a request twice.
/// </summary>
public sealed class OpenLoopClient : IDisposable
{
    /// <summary>How long a request waits for its answer: 15 s.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly int _rate;
    private readonly Func<int, WorkItem> _next;

    /// <summary>Makes a client that has not called yet.</summary>
    /// <param name="gateway">Where it calls.</param>
    /// <param name="connections">How it connects.</param>
    /// <param name="requestsPerSecond">The rate.</param>
    /// <param name="next">Makes the request of a number, from 0. It is called from one thread.</param>
    public OpenLoopClient(Uri gateway, Connections connections, int requestsPerSecond, Func<int, WorkItem> next)
    {
        (_rate, _next) = (requestsPerSecond, next);
        _http = new(
            new SocketsHttpHandler
            {
                PooledConnectionLifetime = connections == Connections.New ? TimeSpan.Zero : Timeout.InfiniteTimeSpan,
                UseProxy = false,
            }
        )
        {
            BaseAddress = gateway,
            Timeout = RequestTimeout,
        };
    }

    /// <summary>Sends until told to stop, then waits for what is still under way.</summary>
    public async Task<IReadOnlyList<Outcome>> RunAsync(CancellationToken stop)
    {
        var sent = new List<Task<Outcome>>();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var due = start + (i * Stopwatch.Frequency / _rate);
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } early)
            {
                // Rounded up: a request that is sent too early looks faster than it is.
                await Task.Delay((int)Math.Ceiling(early.TotalMilliseconds), CancellationToken.None);
            }

            sent.Add(SendAsync(_next(i), due));
        }

        return await Task.WhenAll(sent);
    }

    /// <summary>Sends while something is done, then waits for what is still under way.</summary>
    public async Task<IReadOnlyList<Outcome>> RunWhileAsync(Func<Task> act)
    {
        using var stop = new CancellationTokenSource();
        var running = RunAsync(stop.Token);
        try
        {
            await act();
        }
        finally
        {
            await stop.CancelAsync();
        }

        return await running;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request, and waits for what comes of it.</summary>
    /// <param name="http">Sends it.</param>
    /// <param name="item">The request.</param>
    /// <param name="due">The timestamp from which on it is measured.</param>
    internal static async Task<Outcome> SendAsync(HttpClient http, WorkItem item, long due)
    {
        try
        {
            using var request = item.CreateRequest();
            using var response = await http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            var replica = response.Headers.TryGetValues("X-Served-By", out var values) ? values.First() : null;
            return new(item, due, Stopwatch.GetElapsedTime(due), (int)response.StatusCode, replica, item.IsSuccess(response) ? null : body)
            {
                HasRetryAfter = response.Headers.RetryAfter is not null,
                WasResent = item.WasResent(response, body),
                RequestId = response.Headers.TryGetValues("X-Request-ID", out var ids) ? ids.First() : null,
            };
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            return new(item, due, Stopwatch.GetElapsedTime(due), null, null, e.Message);
        }
    }

    private async Task<Outcome> SendAsync(WorkItem item, long due)
    {
        // The sender must not be held up by building or sending a request.
        await Task.Yield();
        return await SendAsync(_http, item, due);
    }
}
