using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Traffic;

/// <summary>
/// Keeps what the access log told in the last two minutes, second by second, by the time at which it was read. What is read of it ends with the last
/// second that is complete: rates and shares of a second that has just begun would be too small.
/// </summary>
internal sealed class TrafficRecorder(MonitorOptions options, TimeProvider time) : ITrafficSource
{
    /// <summary>How many seconds are kept.</summary>
    public const int Seconds = 120;

    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();

    // One more, for the second that has begun.
    private readonly TrafficSecond[] _ring = [.. Enumerable.Range(0, Seconds + 1).Select(_ => new TrafficSecond(options.Replicas.Count))];
    private readonly TrafficSecond _sum = new(options.Replicas.Count);

    /// <summary>The second that it is.</summary>
    public long Now => (long)time.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Counts a line.</summary>
    /// <param name="entry">The line.</param>
    /// <param name="now">The second that it is: looked up once for many lines, since looking costs as much as counting.</param>
    public void Record(AccessLogEntry entry, long now)
    {
        lock (_lock)
        {
            var second = Get(now);
            second.Gateway.Add(entry);
            for (var i = 0; i < entry.Attempts.Count; i++)
            {
                if (entry.Attempts[i] is { Replica: >= 0 } attempt)
                {
                    second.Replicas[attempt.Replica].Add(attempt, i == entry.Attempts.Count - 1, entry.IsStream);
                }
            }
        }
    }

    /// <inheritdoc/>
    public TrafficWindow Read(TimeSpan window)
    {
        var seconds = Math.Clamp((int)Math.Ceiling(window.TotalSeconds), 1, Seconds);
        lock (_lock)
        {
            _sum.Begin(-1);
            foreach (var second in FindLast(seconds).OfType<TrafficSecond>())
            {
                _sum.Add(second);
            }

            return new(TimeSpan.FromSeconds(seconds), _sum.Gateway.Read(), [.. options.Replicas.Select((r, i) => _sum.Replicas[i].Read(r.Name))]);
        }
    }

    /// <summary>The last two minutes of each replica, in the order of the configuration, the latest second last.</summary>
    public IReadOnlyList<IReadOnlyList<HistoryPoint>> ReadHistory()
    {
        lock (_lock)
        {
            var seconds = FindLast(Seconds).ToList();
            return [.. options.Replicas.Select((_, i) => (IReadOnlyList<HistoryPoint>)[.. seconds.Select(s => s?.Replicas[i].ReadPoint() ?? new(0, 0, 0, 0, null))])];
        }
    }

    private TrafficSecond Get(long now)
    {
        var second = _ring[now % _ring.Length];
        if (second.Second != now)
        {
            second.Begin(now);
        }

        return second;
    }

    // A second in which nothing was read was never begun.
    private IEnumerable<TrafficSecond?> FindLast(int seconds)
    {
        var now = Now;
        for (var second = now - seconds; second < now; second++)
        {
            yield return second >= 0 && _ring[second % _ring.Length] is var found && found.Second == second ? found : null;
        }
    }
}
