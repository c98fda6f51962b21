using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using NeuroCred.Benchmarks.Faults;

namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>A <see cref="FreshSystem"/> that a benchmark strikes and heals.</summary>
internal sealed class SystemUnderTest : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Replicas = ["api-1", "api-2", "api-3"];

    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(120);
    private readonly SystemSetup _setup;
    private readonly ReplicaConnections _connections;

    private SystemUnderTest(DistributedApplication application, SystemSetup setup, ReplicaConnections connections) =>
        (Application, _setup, _connections) = (application, setup, connections);

    /// <summary>Whether something in the system starts again what ended, and replaces what hangs.</summary>
    public bool IsSupervised => _setup is not SystemSetup.Unsupervised;

    /// <summary>The application, whose parts faults strike.</summary>
    public DistributedApplication Application { get; }

    /// <summary>The way of <see cref="CutOff.Replica"/> to Postgres.</summary>
    public NetworkCut WayToPostgres => _connections.Way;

    /// <summary>NeuroCred's own gateway.</summary>
    public Uri Gateway => Application.GetEndpoint("gateway", "http");

    /// <summary>Starts it, and waits until everything serves.</summary>
    public static async Task<SystemUnderTest> StartAsync(SystemSetup setup, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s_startTimeout);
        var builder = await FreshSystem.CreateBuilderAsync(
            "processes",
            [
                "--Api:HoldPorts=false",
                $"--Supervisor:Enabled={(setup == SystemSetup.Unsupervised ? "false" : "true")}",
                .. setup == SystemSetup.WithoutHolding ? ["--Balancing:Holding:Time=0s"] : (string[])[],
            ],
            hasDashboard: false,
            timeout.Token
        );
        var connections = new ReplicaConnections();
        connections.Give(builder);
        var system = new SystemUnderTest(await builder.BuildAsync(timeout.Token), setup, connections);
        try
        {
            await system.Application.StartAsync(timeout.Token);
            await system.Application.ResourceNotifications.WaitForResourceHealthyAsync("gateway", timeout.Token);
            await system.HealAsync(timeout.Token);
            await system.RehearseKillsAsync(timeout.Token);
            await system.WarmUpAsync(timeout.Token);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public Uri AddressOf(string replica) => Application.GetEndpoint(replica, "http");

    /// <summary>How to look into the database.</summary>
    public Task<string> GetConnectionStringAsync(CancellationToken cancellationToken) =>
        GetConnectionStringAsync("neurocred", cancellationToken);

    /// <summary>How to look into Postgres's database <c>neurocred</c>, or into <c>redis</c>.</summary>
    public async Task<string> GetConnectionStringAsync(string resource, CancellationToken cancellationToken) =>
        await Application.GetConnectionStringAsync(resource, cancellationToken)
        ?? throw new InvalidOperationException($"'{resource}' has no connection string.");

    /// <summary>Restarts the replicas on another database, which gets the schema first, or on the system's own one again (null).</summary>
    public async Task UseDatabaseAsync(string? connectionString, CancellationToken cancellationToken)
    {
        _connections.Other = connectionString;
        if (connectionString is not null)
        {
            await Application.StartAsync(ReplicaConnections.Migrations, cancellationToken);
            await Application.WaitForEndAsync(ReplicaConnections.Migrations, cancellationToken);
        }

        await RestartReplicasAsync(cancellationToken);
    }

    /// <summary>Restarts the replicas without Redis.</summary>
    public Task LeaveOutRedisAsync(CancellationToken cancellationToken)
    {
        _connections.WithoutRedis = true;
        return RestartReplicasAsync(cancellationToken);
    }

    /// <summary>Starts what is not running and nobody else starts, and waits until every replica is ready with all its
    /// dependencies.</summary>
    public async Task HealAsync(CancellationToken cancellationToken)
    {
        foreach (var name in IsSupervised ? [] : (string[])["redis", "postgres", .. Replicas, "gateway"])
        {
            await Application.StartAsync(name, cancellationToken);
        }

        await WaitUntilReadyAsync(cancellationToken);
    }

    // This process, in which the clients are too, compiles what sees an end and starts a replica again when that first happens.
    private async Task RehearseKillsAsync(CancellationToken cancellationToken)
    {
        foreach (var replica in Replicas)
        {
            var killed = await Application.KillAsync(replica);
            if (!IsSupervised)
            {
                await Application.StartAgainAsync(replica, Killed.PlatformRestart, cancellationToken);
            }

            await Application.WaitUntilBackAsync(replica, killed, cancellationToken);
        }
    }

    private async Task RestartReplicasAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            Replicas.Select(replica => Application.ExecuteAsync(replica, KnownResourceCommands.RestartCommand, cancellationToken))
        );
        await WaitUntilReadyAsync(cancellationToken);
        await WarmUpAsync(cancellationToken);
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        foreach (var replica in Replicas)
        {
            await Readiness.WaitAsync(AddressOf(replica), replica, cancellationToken);
        }
    }

    private Task WarmUpAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Replicas.Select(replica => WarmUp.RunAsync(AddressOf(replica), cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        await Application.StopAsync();
        await Application.DisposeAsync();
        await _connections.DisposeAsync();
    }
}
