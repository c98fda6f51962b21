namespace NeuroCred.Benchmarks.Simulation;

/// <summary>How long something takes, in seconds.</summary>
internal interface IDuration
{
    /// <summary>The next one.</summary>
    double Next(RandomSource random);
}

/// <summary>Always the same.</summary>
internal sealed record Constant(double Seconds) : IDuration
{
    public double Next(RandomSource random) => Seconds;
}

/// <summary>Exponential: the time to the next of many independent events, and the service time of the textbooks' M/M/c.</summary>
/// <param name="Mean">The mean.</param>
internal sealed record Exponential(double Mean) : IDuration
{
    public double Next(RandomSource random) => -Mean * Math.Log(1 - random.NextDouble());
}

/// <summary>Log-normal: how answer times are spread in life, most of them close to the median, few far above it.</summary>
/// <param name="Median">The median.</param>
/// <param name="P99">What 99 % do not exceed.</param>
internal sealed record LogNormal(double Median, double P99) : IDuration
{
    private const double Normal99 = 2.3263478740408408; // the standard normal distribution's 99th percentile

    public double Next(RandomSource random)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Median * Math.Exp(normal * Math.Log(P99 / Median) / Normal99);
    }
}

/// <summary>One duration after another.</summary>
internal sealed record Sum(IDuration First, IDuration Second) : IDuration
{
    public double Next(RandomSource random) => First.Next(random) + Second.Next(random);
}
