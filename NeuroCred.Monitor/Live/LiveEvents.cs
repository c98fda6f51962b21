using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Snapshots;

namespace NeuroCred.Monitor.Live;

/// <summary>
/// One client's events: a <c>snapshot</c> with everything, then an <c>update</c> for each later snapshot with only what is new in its
/// history and its timeline, and a <c>heartbeat</c> after five seconds without. Nothing is queued for a client: the next snapshot is taken
/// once the one before is sent, so a slow client misses some, and one that reads nothing is disconnected.
/// </summary>
/// <param name="feed">The snapshots.</param>
/// <param name="time">The clock.</param>
/// <param name="drop">Called if the client has not read an event in time.</param>
internal sealed class LiveEvents(SnapshotFeed feed, TimeProvider time, Action drop)
{
    /// <summary>After how long without a snapshot a heartbeat is sent.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a client may take to accept an event, beyond what the network's buffers hold. Kestrel's own limit depends on the size and
    /// allows minutes for a large one.
    /// </summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);

    /// <summary>After how long a browser that lost the connection makes another.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Reads until cancelled, and then ends.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var snapshots = feed.ReadAsync(leaving.Token).GetAsyncEnumerator(leaving.Token);
        await using var slow = time.CreateTimer(_ => drop(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SystemSnapshot? last = null;
        var next = snapshots.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                await ((Task)next).WaitAsync(Heartbeat, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (cancellationToken.IsCancellationRequested)
                {
                    yield break; // the client is gone, or the monitor stops: no error
                }

                if (!next.IsCompleted)
                {
                    slow.Change(SendTimeout, Timeout.InfiniteTimeSpan);
                    yield return new("{}", "heartbeat");
                    slow.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    continue;
                }

                await next;
                var snapshot = snapshots.Current;
                slow.Change(SendTimeout, Timeout.InfiniteTimeSpan);
                yield return last is null
                    ? new(Write(snapshot), "snapshot") { ReconnectionInterval = Retry }
                    : new(Write(UpdateSince(last, snapshot)), "update");
                slow.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                last = snapshot;
                next = snapshots.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator must not be disposed of while it moves.
            await leaving.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What is new in a snapshot for a client that has the last one: it appends the history and the events.</summary>
    internal static SystemSnapshot UpdateSince(SystemSnapshot last, SystemSnapshot snapshot)
    {
        // A client that missed a snapshot misses no second, and gets none twice: two snapshots may be made within one.
        var seconds = (int)(snapshot.Seconds - last.Seconds);
        return snapshot with
        {
            Replicas = [.. snapshot.Replicas.Select(replica => replica with { History = [.. replica.History.TakeLast(seconds)] })],
            Events = [.. last.Events is [var known, ..] ? snapshot.Events.TakeWhile(e => e != known) : snapshot.Events],
        };
    }

    private static string Write(SystemSnapshot snapshot) => JsonSerializer.Serialize(snapshot, MonitorJson.Default.SystemSnapshot);
}
