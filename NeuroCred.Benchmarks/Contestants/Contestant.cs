using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>A gateway to compare.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="Name">Its name in the report.</param>
/// <param name="Setup">How it is set up.</param>
/// <param name="Program">The program that this machine must have.</param>
/// <param name="OpenAsync">Starts it, fresh, in front of the system's replicas.</param>
internal sealed record Contestant(
    string Id,
    string Name,
    string Setup,
    string Program,
    Func<SystemUnderTest, CancellationToken, Task<IGateway>> OpenAsync
)
{
    /// <summary>What of NeuroCred runs beside it. Default: its replicas, without the supervisor.</summary>
    public SystemSetup System { get; init; } = SystemSetup.Unsupervised;
}
