namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>What of NeuroCred runs beside the replicas.</summary>
internal enum SystemSetup
{
    /// <summary>All of it.</summary>
    Supervised,

    /// <summary>Its gateway, without the supervisor.</summary>
    Unsupervised,

    /// <summary>Nothing: another gateway is measured.</summary>
    ForPeers,
}
