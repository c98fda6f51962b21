using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using NeuroCred.Benchmarks.Faults;
using Npgsql;

namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>Which database the replicas get when they start, and by which way, and whether they get Redis.</summary>
internal sealed class ReplicaConnections : IAsyncDisposable
{
    /// <summary>What gives a database its schema.</summary>
    public const string Migrations = "migrations";

    private const string Database = "ConnectionStrings__neurocred",
        Redis = "ConnectionStrings__redis";

    /// <summary>The way of <see cref="CutOff.Replica"/> to the system's own Postgres.</summary>
    public NetworkCut Way { get; } = new();

    /// <summary>Another database than the system's own.</summary>
    public string? Other { get; set; }

    public bool WithoutRedis { get; set; }

    /// <summary>Has an application's replicas get it. They ask at each start.</summary>
    public void Give(IDistributedApplicationBuilder builder)
    {
        var database = builder.Resources.OfType<IResourceWithConnectionString>().Single(r => r.Name == "neurocred");
        foreach (
            var project in builder
                .Resources.OfType<ProjectResource>()
                .Where(r => r.Name == Migrations || SystemUnderTest.Replicas.Contains(r.Name))
                .ToArray()
        )
        {
            builder
                .CreateResourceBuilder(project)
                .WithEnvironment(async context =>
                {
                    if (WithoutRedis)
                    {
                        context.EnvironmentVariables[Redis] = "";
                    }

                    if (Other is not null)
                    {
                        context.EnvironmentVariables[Database] = Other;
                    }
                    else if (project.Name == CutOff.Replica)
                    {
                        var connection = new NpgsqlConnectionStringBuilder(
                            await database.GetConnectionStringAsync(context.CancellationToken)
                        );
                        Way.Target = connection.Port;
                        (connection.Host, connection.Port) = ("127.0.0.1", Way.Port);
                        context.EnvironmentVariables[Database] = connection.ConnectionString;
                    }
                });
        }
    }

    public ValueTask DisposeAsync() => Way.DisposeAsync();
}
