namespace NeuroCred.Benchmarks.Simulation;

/// <summary>
/// Random numbers that are the same for the same seed, on every machine and with every version of .NET, which <see cref="Random"/> does not
/// promise: the tables of docs/simulation.md are made of them. The generator is SplitMix64 (Steele, Lea, Flood: Fast Splittable
/// Pseudorandom Number Generators, 2014).
/// </summary>
internal sealed class RandomSource(long seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>A number from 0 (included) to 1 (excluded).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to below a limit.</summary>
    public int Next(int limit) => (int)(NextDouble() * limit);

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
