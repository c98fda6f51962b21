using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>Something that happens to the system while clients call.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="Name">Its name in the report.</param>
/// <param name="Description">What exactly happens.</param>
/// <param name="Window">How long clients go on calling after it struck.</param>
/// <param name="Occur">Makes an occurrence, given which repetition it is.</param>
internal sealed record Fault(string Id, string Name, string Description, TimeSpan Window, Func<SystemUnderTest, int, FaultRun> Occur)
{
    /// <summary>How often it happens, each time to a healthy system.</summary>
    public int Repetitions { get; init; } = 1;

    /// <summary>Whether no replica can serve for a while, so that it shows what holding does.</summary>
    public bool ShowsHolding { get; init; }

    /// <summary>Whether what it took away is back once it has struck, and the report has the second after that: when all that was held is
    /// sent again.</summary>
    public bool ShowsReturn { get; init; }

    /// <summary>Whether it is measured only where something is there to put it right.</summary>
    public bool NeedsSupervisor { get; init; }

    /// <summary>Whether the report says how the requests were spread over the replicas.</summary>
    public bool ShowsDistribution { get; init; }
}
