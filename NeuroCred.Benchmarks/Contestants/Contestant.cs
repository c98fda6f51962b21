using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>A gateway to compare.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="Name">Its name in the report.</param>
/// <param name="Setup">How it is set up.</param>
/// <param name="Program">The program that this machine must have.</param>
/// <param name="OpenAsync">Starts it, fresh, in front of servers; null for NeuroCred's own gateway, which runs with the system.</param>
/// <param name="System">What of NeuroCred runs beside it. Default: its replicas, without the supervisor.</param>
internal sealed record Contestant(
    string Id,
    string Name,
    string Setup,
    string Program,
    Func<IReadOnlyList<Uri>, CancellationToken, Task<PeerProcess>>? OpenAsync = null,
    SystemSetup System = SystemSetup.Unsupervised
);
