using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>Something that happens to the system while clients call.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="Name">Its name in the report.</param>
/// <param name="Description">What exactly happens.</param>
/// <param name="Window">How long clients go on calling after it struck.</param>
/// <param name="Occur">Makes an occurrence, given which repetition it is.</param>
/// <param name="Repetitions">How often it happens, each time to a healthy system.</param>
/// <param name="ShowsHolding">Whether no replica can serve for a while, so that it shows what holding does.</param>
/// <param name="ShowsReturn">Whether what it took away is back once it has struck, and the report has the second after that: when all that
/// was held is sent again.</param>
/// <param name="NeedsSupervisor">Whether it is measured only where something is there to put it right.</param>
/// <param name="ShowsDistribution">Whether the report says how the requests were spread over the replicas.</param>
internal sealed record Fault(
    string Id,
    string Name,
    string Description,
    TimeSpan Window,
    Func<SystemUnderTest, int, FaultRun> Occur,
    int Repetitions = 1,
    bool ShowsHolding = false,
    bool ShowsReturn = false,
    bool NeedsSupervisor = false,
    bool ShowsDistribution = false
);
