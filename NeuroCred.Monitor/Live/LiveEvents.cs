using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Live;

/// <summary>
/// One client's events: <c>snapshot</c> with everything, then a <c>moment</c> for each later one with only what is new in its history and its
/// timeline, and a <c>heartbeat</c> in silence. Nothing is kept for a client: the next moment is taken once the one before is sent, so a slow one
/// misses some, and one that takes nothing is dropped by the server (Kestrel's minimum data rate).
/// </summary>
internal sealed class LiveEvents(ISnapshotFeed feed, TimeProvider time)
{
    /// <summary>How long the monitor is silent at most.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    /// <summary>After how long a browser that lost the connection makes another.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Reads until cancelled, and then ends.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var moments = feed.ReadAsync(leaving.Token).GetAsyncEnumerator(leaving.Token);
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
                    yield return new("{}", "heartbeat");
                    continue;
                }

                if (!await next)
                {
                    yield break;
                }

                var moment = moments.Current;
                yield return new(JsonSerializer.Serialize(last is null ? moment : SinceThen(moment, last), MonitorJson.Default.SystemSnapshot), last is null ? "snapshot" : "moment")
                {
                    ReconnectionInterval = last is null ? Retry : null,
                };
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
}
