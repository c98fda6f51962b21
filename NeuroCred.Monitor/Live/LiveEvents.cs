using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Live;

/// <summary>
/// One client's events: <c>snapshot</c> with everything, then a <c>moment</c> for each later one with only what is new in its history and its
/// timeline, and a <c>heartbeat</c> in silence. Nothing is kept for a client: the next moment is taken once the one before is sent, so a slow one
/// misses some, and one that takes nothing is dropped.
/// </summary>
/// <param name="feed">The moments.</param>
/// <param name="time">The time.</param>
/// <param name="drop">Called when the client has not taken an event in time.</param>
internal sealed class LiveEvents(ISnapshotFeed feed, TimeProvider time, Action drop)
{
    /// <summary>How long the monitor is silent at most.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may take to accept an event, beyond what the network's buffers hold. Kestrel's own limit allows minutes for one of some size.</summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);

    /// <summary>After how long a browser that lost the connection makes another.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Reads until cancelled, and then ends.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var moments = feed.ReadAsync(leaving.Token).GetAsyncEnumerator(leaving.Token);
        await using var slow = time.CreateTimer(_ => drop(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SystemSnapshot? last = null;
        var next = moments.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                await ((Task)next).WaitAsync(Heartbeat, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (cancellationToken.IsCancellationRequested)
                {
                    yield break; // the client is gone, or the server is told to stop: no error
                }

                if (!next.IsCompleted)
                {
                    slow.Change(SendTimeout, Timeout.InfiniteTimeSpan);
                    yield return new("{}", "heartbeat");
                    slow.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    continue;
                }

                if (!await next)
                {
                    yield break;
                }

                var moment = moments.Current;
                slow.Change(SendTimeout, Timeout.InfiniteTimeSpan);
                yield return last is null
                    ? new(Write(moment), "snapshot") { ReconnectionInterval = Retry }
                    : new(Write(SinceThen(moment, last)), "moment");
                slow.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                last = moment;
                next = moments.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator must not be disposed of while it moves.
            await leaving.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A moment without what a client has that was sent the one before: it keeps the rest, and appends.</summary>
    internal static SystemSnapshot SinceThen(SystemSnapshot moment, SystemSnapshot last)
    {
        // As many points as seconds have passed: a client that missed a moment misses no second.
        var seconds = Math.Max(1, (int)Math.Round((moment.Time - last.Time).TotalSeconds));
        return moment with
        {
            Replicas = [.. moment.Replicas.Select(replica => replica with { History = [.. replica.History.TakeLast(seconds)] })],
            Events = [.. last.Events is [var known, ..] ? moment.Events.TakeWhile(e => e != known) : moment.Events],
        };
    }

    private static string Write(SystemSnapshot moment) => JsonSerializer.Serialize(moment, MonitorJson.Default.SystemSnapshot);
}
