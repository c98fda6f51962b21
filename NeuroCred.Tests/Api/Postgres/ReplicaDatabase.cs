using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Postgres;

namespace NeuroCred.Tests.Api.Postgres;

/// <summary>What a replica has of Postgres, in this process.</summary>
internal sealed class ReplicaDatabase : IAsyncDisposable
{
    /// <param name="connectionString">Where Postgres is.</param>
    /// <param name="time">The circuit's clock; null for the system's.</param>
    public ReplicaDatabase(string connectionString, TimeProvider? time = null)
    {
        Servers = new(connectionString, "requests");
        Circuit = new(connectionString, Servers, time ?? TimeProvider.System, NullLogger<DatabaseCircuit>.Instance);
        Requests = new(Servers, Circuit, TimeProvider.System, NullLogger<Database>.Instance);
    }

    public DatabaseServers Servers { get; }

    public DatabaseCircuit Circuit { get; }

    public Database Requests { get; }

    /// <summary>Has the circuit ask, and waits until Postgres serves.</summary>
    public async Task StartAsync()
    {
        await Circuit.StartAsync(Cancellation);
        await WaitUntilServedAsync();
    }

    public Task WaitUntilServedAsync() =>
        Until.HoldsAsync(() => Circuit.Problem is null, TimeSpan.FromMinutes(2), () => $"{Circuit.Problem}");

    public async ValueTask DisposeAsync()
    {
        await Circuit.StopAsync(CancellationToken.None);
        Circuit.Dispose();
        Servers.Dispose();
    }
}
