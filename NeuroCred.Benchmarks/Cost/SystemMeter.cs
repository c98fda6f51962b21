using NeuroCred.Benchmarks.UnderTest;
using Npgsql;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>What one look at the system's parts saw.</summary>
internal sealed record SystemUse(ProcessUse Gateway, IReadOnlyList<ProcessUse> Replicas, ProcessUse Postgres, ProcessUse Redis)
{
    /// <summary>Milliseconds of processor time since an earlier look.</summary>
    public CpuUse Since(SystemUse earlier) =>
        new(
            Milliseconds(Gateway, earlier.Gateway),
            Replicas.Zip(earlier.Replicas, Milliseconds).Sum(),
            Milliseconds(Postgres, earlier.Postgres),
            Milliseconds(Redis, earlier.Redis)
        );

    private static double Milliseconds(ProcessUse now, ProcessUse earlier) => 1000 * (now.CpuSeconds - earlier.CpuSeconds);
}

/// <summary>Looks at the processes and connections of the running system.</summary>
internal sealed class SystemMeter(SystemUnderTest system, int postgresPort, int redisPort)
{
    public static async Task<SystemMeter> CreateAsync(SystemUnderTest system, CancellationToken cancellationToken)
    {
        var postgres = new NpgsqlConnectionStringBuilder(await system.GetConnectionStringAsync(cancellationToken)).Port;
        var redis = StackExchange
            .Redis.ConfigurationOptions.Parse(await system.GetConnectionStringAsync("redis", cancellationToken))
            .EndPoints[0];
        return new(system, postgres, redis is System.Net.DnsEndPoint name ? name.Port : ((System.Net.IPEndPoint)redis).Port);
    }

    public SystemUse Read() => new(Read("gateway"), [.. SystemUnderTest.Replicas.Select(Read)], Read("postgres"), Read("redis"));

    public ConnectionUse ReadConnections() =>
        new(
            TcpConnections.CountTo(system.Gateway.Port),
            SystemUnderTest.Replicas.Sum(r => TcpConnections.CountTo(system.AddressOf(r).Port)),
            TcpConnections.CountTo(postgresPort),
            TcpConnections.CountTo(redisPort)
        );

    private ProcessUse Read(string resource) => ProcessUse.Read(system.Application.FindPid(resource)!.Value);
}
