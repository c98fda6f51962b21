namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>failover</c> is asked to do.</summary>
internal sealed record FailoverOptions
{
    /// <summary>The ids of the faults. Default: all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The ids of the contestants. Default: all.</summary>
    public IReadOnlyList<string> Contestants { get; init; } = [];

    /// <summary>Requests per second. Default: 100.</summary>
    public int Rate { get; init; } = 100;

    /// <summary>How often a replica is killed, behind each contestant. Default: 20; 3 when quick.</summary>
    public int Kills { get; init; } = 20;

    /// <summary>Shorter faults, for a try.</summary>
    public bool Quick { get; init; }

    /// <summary>The folder of the reports.</summary>
    public string Out { get; init; } = Path.Combine("artifacts", "benchmarks");
}
