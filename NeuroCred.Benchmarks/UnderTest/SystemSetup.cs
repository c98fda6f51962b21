namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>What of NeuroCred runs beside the replicas.</summary>
internal enum SystemSetup
{
    /// <summary>All of it.</summary>
    Supervised,

    /// <summary>All of it, but its gateway holds no request that nobody can serve.</summary>
    WithoutHolding,

    /// <summary>Its gateway, without the supervisor. Other gateways are measured in front of the same replicas.</summary>
    Unsupervised,
}
