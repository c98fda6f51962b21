using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Tests.Monitor.Traffic;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Without_durations_it_says_nothing() => Assert.Null(new LatencyHistogram().Read());

    [Fact]
    public void Up_to_31_ms_quantiles_are_exact()
    {
        var histogram = new LatencyHistogram();
        for (var milliseconds = 1; milliseconds <= 20; milliseconds++)
        {
            histogram.Add(milliseconds);
        }

        Assert.Equal(new(20, 10, 19, 20, 20), histogram.Read());
    }

    [Fact]
    public void Every_quantile_is_off_by_no_more_than_5_percent()
    {
        var random = new Random(1);
        var durations = Enumerable.Range(0, 20_000).Select(_ => (int)Math.Exp(random.NextDouble() * 15)).Order().ToArray();
        var (even, odd, sum) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        foreach (var (i, duration) in durations.Index())
        {
            (i % 2 == 0 ? even : odd).Add(duration);
        }

        sum.Add(even);
        sum.Add(odd);

        foreach (var quantile in (double[])[0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1])
        {
            var exact = durations[(int)Math.Ceiling(quantile * durations.Length) - 1];
            Assert.InRange(sum.ReadQuantile(quantile)!.Value, exact * 0.95, exact * 1.05);
        }

        Assert.Equal(durations[^1], sum.Read()!.Max);
    }

    [Fact]
    public void The_longest_durations_have_a_place_too()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(int.MaxValue);

        Assert.Equal(int.MaxValue, histogram.Read()!.Max);
        Assert.True(histogram.Read()!.P50 > 100_000_000);
    }
}
