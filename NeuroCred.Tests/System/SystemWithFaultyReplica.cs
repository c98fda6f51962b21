using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The whole system, but that a test program is on the port of one replica, since the service itself has no faults built
/// in.</summary>
public sealed class SystemWithFaultyReplica : RunningSystem
{
    /// <summary>The replica whose port it has.</summary>
    public const string FaultyName = "api-2";

    private FaultyReplica? _faulty;

    /// <summary>The test program. It answers well until it is told otherwise.</summary>
    internal FaultyReplica Faulty => _faulty ?? throw new InvalidOperationException("The system is not started.");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> MoreArguments => ["--Api:HoldPorts=false"];

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var port = AddressOf(FaultyName).Port;
        await ExecuteAsync(FaultyName, KnownResourceCommands.StopCommand);
        _faulty = await FaultyReplica.StartAsync(FaultyName, port, AddressOf("api-1"));
        await WarmUpAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await (_faulty?.DisposeAsync() ?? default);
    }
}

/// <summary>The tests that share it. Nothing runs beside them: it could take the port before the test program has it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharedSystemWithFaultyReplica : ICollectionFixture<SystemWithFaultyReplica>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The system with a faulty replica";
}
