namespace NeuroCred.Tests.WholeSystem;

/// <summary>The whole system, but that a test may put a program of its own on the port of a replica that is down.</summary>
public sealed class SystemWithFreePorts : RunningSystem
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string> MoreArguments => ["--Api:HoldPorts=false"];
}

/// <summary>The tests that share it. Nothing runs beside them: it would take the ports.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharedSystemWithFreePorts : ICollectionFixture<SystemWithFreePorts>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The system with free ports";
}
