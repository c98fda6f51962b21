using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuroCred.AppHost.Ports;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>A test program that is on the port of one replica of the running system, since the service itself has no faults built
/// in.</summary>
/// <param name="system">The system.</param>
public sealed class FaultyReplicaOfSystem(RunningSystem system) : IAsyncLifetime
{
    /// <summary>The replica whose port it has.</summary>
    public const string Name = "api-2";

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private FaultyReplica? _program;

    /// <summary>The test program. It answers well until it is told otherwise.</summary>
    internal FaultyReplica Program => _program ?? throw new InvalidOperationException("It is not started.");

    // Otherwise it would hold the port of the replica that is stopped.
    private PortKeeper PortKeeper => system.Application.Services.GetServices<IHostedService>().OfType<PortKeeper>().Single();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        await PortKeeper.StopAsync(deadline.Token);
        await system.ExecuteAsync(Name, KnownResourceCommands.StopCommand);
        _program = await FaultyReplica.StartAsync(Name, system.AddressOf(Name).Port, system.AddressOf("api-1"));
        await system.WarmUpAsync(deadline.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        await (_program?.DisposeAsync() ?? default);
        await PortKeeper.StartAsync(deadline.Token);
        await system.ExecuteAsync(Name, KnownResourceCommands.StartCommand);
        await system.Application.ResourceNotifications.WaitForResourceHealthyAsync(
            Name,
            WaitBehavior.WaitOnResourceUnavailable, // just after a start Aspire may tell of the end before it once more
            deadline.Token
        );
        await system.WaitUntilServingAsync(Name, deadline.Token);
        await system.WarmUpAsync(deadline.Token);
    }
}
