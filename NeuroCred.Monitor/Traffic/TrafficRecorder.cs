using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Traffic;

/// <summary>
/// Keeps the counts of the last two minutes, second by second, by the time at which a line was read. A window ends with the last complete
/// second: rates and shares of a second that has just begun would be too small.
/// </summary>
internal sealed class TrafficRecorder(MonitorOptions options, TimeProvider time)
{
    /// <summary>How many seconds are kept.</summary>
    public const int Seconds = 120;

    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();

    // By the second since the monitor's start, without those in which nothing was read.
    private readonly Dictionary<long, TrafficCounts> _seconds = [];

    /// <summary>How many seconds are complete since the monitor's start.</summary>
    public long CompleteSeconds => (long)time.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Counts a request for the second that it is now.</summary>
    public void Record(AccessLogEntry entry)
    {
        lock (_lock)
        {
            var second = Begun();
            second.Gateway.Add(entry);
            for (var i = 0; i < entry.Attempts.Count; i++)
            {
                if (entry.Attempts[i] is { Replica: >= 0 } attempt)
                {
                    second.Replicas[attempt.Replica].Add(attempt, entry.Method, i == entry.Attempts.Count - 1, entry.IsStream);
                }
            }
        }
    }

    /// <summary>Adds up the last seconds.</summary>
    /// <param name="window">Whole seconds, two minutes at most.</param>
    public TrafficWindow Read(TimeSpan window)
    {
        lock (_lock)
        {
            var sum = new TrafficCounts(options.ReplicaNames.Count);
            foreach (var second in FindLast((int)window.TotalSeconds, CompleteSeconds).OfType<TrafficCounts>())
            {
                sum.Add(second);
            }

            return new(sum.Gateway.Read(), [.. options.ReplicaNames.Select((name, i) => sum.Replicas[i].Read(name))]);
        }
    }

    /// <summary>Two minutes of the replica with a number, the latest second last.</summary>
    /// <param name="number">The number.</param>
    /// <param name="end">How many seconds were complete at the end.</param>
    public IReadOnlyList<HistoryPoint> ReadHistory(int number, long end)
    {
        lock (_lock)
        {
            return [.. FindLast(Seconds, end).Select(second => second?.Replicas[number].ReadPoint() ?? new(0, 0, 0, 0, null))];
        }
    }

    /// <summary>Removes the counts of the replica that had a number, before another one gets it.</summary>
    public void Forget(int number)
    {
        lock (_lock)
        {
            foreach (var second in _seconds.Values)
            {
                second.Replicas[number] = new();
            }
        }
    }

    private TrafficCounts Begun()
    {
        var now = CompleteSeconds;
        if (!_seconds.TryGetValue(now, out var begun))
        {
            foreach (var old in _seconds.Keys.Where(second => second < now - Seconds).ToList())
            {
                _seconds.Remove(old);
            }

            _seconds[now] = begun = new(options.ReplicaNames.Count);
        }

        return begun;
    }

    private IEnumerable<TrafficCounts?> FindLast(int seconds, long end)
    {
        for (var second = end - seconds; second < end; second++)
        {
            yield return _seconds.GetValueOrDefault(second);
        }
    }
}
