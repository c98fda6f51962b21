namespace NeuroCred.Tests.WholeSystem;

/// <summary>Replicas are killed while nginx is a container, which reaches them at another address than clients do.</summary>
[Collection(SharedContainers.Name)]
public sealed class KilledReplicaWithContainersTests(ContainerSystem system, ITestOutputHelper output)
    : KilledReplicaTests(system.Require(), output);

/// <summary>A replica hangs while nginx is a container.</summary>
[Collection(SharedContainers.Name)]
public sealed class HungReplicaWithContainersTests(ContainerSystem system, ITestOutputHelper output)
    : HungReplicaTests(system.Require(), output);

/// <summary>Redis and Postgres are containers, and are stopped.</summary>
[Collection(SharedContainers.Name)]
public sealed class DependencyWithContainersTests(ContainerSystem system) : DependencyTests(system.Require());

/// <summary>Redis and Postgres are containers, and are killed, paused and restarted.</summary>
[Collection(SharedContainers.Name)]
public sealed class FrozenDependencyWithContainersTests(ContainerSystem system, ITestOutputHelper output)
    : FrozenDependencyTests(system.Require(), output);

/// <summary>The supervisor starts containers that were killed.</summary>
[Collection(SharedContainers.Name)]
public sealed class SupervisionWithContainersTests(ContainerSystem system, ITestOutputHelper output)
    : SupervisionTests(system.Require(), output)
{
    // Aspire removes the container and makes another one.
    /// <inheritdoc/>
    protected override TimeSpan GatewayAway => TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override TimeSpan GatewayHung => TimeSpan.FromSeconds(14);
}
