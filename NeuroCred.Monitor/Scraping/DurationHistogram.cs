namespace NeuroCred.Monitor.Scraping;

/// <summary>How long something took, as Prometheus counts it: how many took no longer than each bound. Seconds.</summary>
internal sealed class DurationHistogram
{
    // Bounds, infinity included, and how many took no longer. Empty when nothing was counted.
    private readonly SortedList<double, double> _buckets;

    private DurationHistogram(SortedList<double, double> buckets, double count, double seconds) =>
        (_buckets, Count, Seconds) = (buckets, count, seconds);

    /// <summary>Nothing.</summary>
    public static DurationHistogram Empty { get; } = new([], 0, 0);

    /// <summary>How many there were.</summary>
    public double Count { get; }

    /// <summary>How long all of them took together.</summary>
    public double Seconds { get; }

    /// <summary>How long one of them took on average, in milliseconds; 0 when there were none.</summary>
    public double MeanMilliseconds => Count > 0 ? Seconds * 1000 / Count : 0;

    /// <summary>Adds up all series of a histogram that are wanted. They have the same bounds, being of one instrument.</summary>
    public static DurationHistogram From(IEnumerable<MetricSample> samples, string name, Func<MetricSample, bool> isWanted)
    {
        var (buckets, count, seconds) = (new SortedList<double, double>(), 0d, 0d);
        foreach (var sample in samples.Where(s => s.Name.StartsWith(name, StringComparison.Ordinal) && isWanted(s)))
        {
            switch (sample.Name.AsSpan(name.Length))
            {
                case "_bucket" when sample["le"] is { } le && PrometheusText.TryParseNumber(le, out var bound):
                    buckets[bound] = buckets.GetValueOrDefault(bound) + sample.Value;
                    break;
                case "_sum":
                    seconds += sample.Value;
                    break;
                case "_count":
                    count += sample.Value;
                    break;
                default:
                    break;
            }
        }

        return new(buckets, count, seconds);
    }

    /// <summary>What has come since an earlier reading. A bound that the earlier one does not have was born since.</summary>
    public DurationHistogram Since(DurationHistogram earlier)
    {
        var buckets = new SortedList<double, double>(_buckets.Count);
        foreach (var (bound, count) in _buckets)
        {
            buckets[bound] = count - earlier._buckets.GetValueOrDefault(bound);
        }

        return new(buckets, Count - earlier.Count, Seconds - earlier.Seconds);
    }

    /// <summary>Both together.</summary>
    public DurationHistogram Plus(DurationHistogram other)
    {
        var buckets = new SortedList<double, double>(_buckets);
        foreach (var (bound, count) in other._buckets)
        {
            buckets[bound] = buckets.GetValueOrDefault(bound) + count;
        }

        return new(buckets, Count + other.Count, Seconds + other.Seconds);
    }

    /// <summary>A quantile in milliseconds, as exact as the bounds allow: evenly spread within a bucket, and the last bound for what lies
    /// beyond. Null when there is nothing.</summary>
    public double? Quantile(double quantile)
    {
        if (Count <= 0 || _buckets.Count == 0)
        {
            return null;
        }

        var wanted = quantile * Count;
        var (low, below) = (0d, 0d);
        foreach (var (bound, count) in _buckets)
        {
            if (count >= wanted)
            {
                return double.IsPositiveInfinity(bound)
                    ? low * 1000
                    : (low + ((bound - low) * (count > below ? (wanted - below) / (count - below) : 1))) * 1000;
            }

            (low, below) = (bound, count);
        }

        return low * 1000;
    }

    /// <summary>How long those took together that took longer than a limit. What the others took is known as exactly as the bounds
    /// allow.</summary>
    public double SecondsBeyond(TimeSpan limit)
    {
        var (low, below, fast) = (0d, 0d, 0d);
        foreach (var (bound, count) in _buckets.Where(b => b.Key <= limit.TotalSeconds))
        {
            fast += (count - below) * (low + bound) / 2;
            (low, below) = (bound, count);
        }

        return below >= Count ? 0 : Math.Max(0, Seconds - fast);
    }
}
