namespace NeuroCred.Monitor.Scraping;

/// <summary>The readings of one replica's process over the longest window that may be asked for. Safe for use by several threads.</summary>
internal sealed class ReplicaMetricsHistory(TimeProvider time)
{
    /// <summary>A reading that is older says nothing of now.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(70);

    private readonly Lock _lock = new();
    private readonly List<(long At, ReplicaMetrics Reading)> _readings = [];

    /// <summary>The last reading, unless it is too old.</summary>
    public ReplicaMetrics? Latest
    {
        get
        {
            lock (_lock)
            {
                return _readings is [.., var (at, reading)] && time.GetElapsedTime(at) <= Freshness ? reading : null;
            }
        }
    }

    /// <summary>Keeps a reading, taken now. The readings of an earlier process go: there is no difference between the counts of
    /// two.</summary>
    public void Add(ReplicaMetrics reading)
    {
        lock (_lock)
        {
            if (_readings is [.., var (_, last)] && reading.IsOfAnotherProcessThan(last))
            {
                _readings.Clear();
            }

            _readings.RemoveAll(r => time.GetElapsedTime(r.At) > s_memory);
            _readings.Add((time.GetTimestamp(), reading));
        }
    }

    /// <summary>What has come within the last seconds; null when there are not two readings of it, or the last one is too old.</summary>
    public ReplicaMetrics? Read(TimeSpan window)
    {
        lock (_lock)
        {
            if (_readings is not [.., _, var (end, _)] || time.GetElapsedTime(end) > Freshness)
            {
                return null;
            }

            // The window's beginning lies between two readings: the earlier one, so that nothing is left out.
            var first = Math.Max(0, _readings.FindLastIndex(r => time.GetElapsedTime(r.At, end) >= window));
            return ReplicaMetrics.Between(time.GetElapsedTime(_readings[first].At, end), [.. _readings.Skip(first).Select(r => r.Reading)]);
        }
    }
}
