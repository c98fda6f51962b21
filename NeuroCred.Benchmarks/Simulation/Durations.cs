namespace NeuroCred.Benchmarks.Simulation;

/// <summary>How long something takes the next time, in seconds.</summary>
internal delegate double Duration(RandomSource random);

/// <summary>How durations are distributed.</summary>
internal static class Durations
{
    private const double Normal99 = 2.3263478740408408; // the standard normal distribution's 99th percentile

    public static Duration Constant(double seconds) => _ => seconds;

    /// <summary>Exponential: the time to the next of many independent events, and the service time of the textbooks' M/M/c.</summary>
    public static Duration Exponential(double mean) => random => -mean * Math.Log(1 - random.NextDouble());

    /// <summary>Log-normal: how answer times are spread in life, most of them close to the median, few far above it.</summary>
    /// <param name="median">The median.</param>
    /// <param name="p99">What 99 % do not exceed.</param>
    public static Duration LogNormal(double median, double p99) =>
        random =>
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return median * Math.Exp(normal * Math.Log(p99 / median) / Normal99);
        };
}
