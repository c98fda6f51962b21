namespace NeuroCred.Benchmarks.Capacity;

/// <summary>How many requests are under way at once, when they come independently of one another (M/G/infinity).</summary>
internal static class Poisson
{
    /// <summary>The smallest number that is not exceeded for a part of the time.</summary>
    /// <param name="mean">How many are under way on average: by Little's law, requests per second times seconds each.</param>
    /// <param name="part">The part of the time, below 1.</param>
    public static int Quantile(double mean, double part)
    {
        // By logarithms: e^-mean is 0 for a double when the mean exceeds 745.
        var (count, logarithm) = (0, -mean);
        for (var sum = Math.Exp(logarithm); sum < part; sum += Math.Exp(logarithm))
        {
            count++;
            logarithm += Math.Log(mean / count);
        }

        return count;
    }
}
