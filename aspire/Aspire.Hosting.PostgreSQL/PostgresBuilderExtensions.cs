using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL servers.</summary>
public static partial class PostgresBuilderExtensions
{
    private const string Image = "library/postgres";
    private const string Tag = "18.3";
    private const int TargetPort = 5432;

    // From version 18 on the image keeps each version's data in a folder of its own below this one.
    private const string DataFolder = "/var/lib/postgresql";

    /// <summary>Adds a PostgreSQL server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="userName">The superuser's name; <c>postgres</c> when null.</param>
    /// <param name="password">The superuser's password; generated and kept between runs when null.</param>
    /// <param name="port">The port that clients use; any free one when null.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var parameter = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password");
        var postgres = new PostgresServerResource(name, userName?.Resource, parameter);
        var healthCheck = AddHealthCheck(builder, postgres);
        return builder.AddResource(postgres)
            .WithImage(Image, Tag)
            .WithImageRegistry("docker.io")
            .WithEndpoint(port, TargetPort, name: PostgresServerResource.PrimaryEndpointName)
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256")
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["POSTGRES_USER"] = postgres.UserNameReference;
                context.EnvironmentVariables["POSTGRES_PASSWORD"] = postgres.PasswordParameter;
            })
            .WithHealthCheck(healthCheck)
            .OnResourceReady(CreateDatabasesAsync);
    }

    /// <summary>Adds a database, which is created in the server if it is not there.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">Its name as a resource.</param>
    /// <param name="databaseName">Its name in the server; the resource's when null.</param>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, [ResourceName] string name, string? databaseName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(name, database.DatabaseName);
        var healthCheck = AddHealthCheck(builder.ApplicationBuilder, database);
        return builder.ApplicationBuilder.AddResource(database).WithHealthCheck(healthCheck);
    }

    /// <summary>Keeps the data in a volume.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume's name; made from the application's and the server's when null.</param>
    /// <param name="isReadOnly">Whether the server may not write to it.</param>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataFolder, isReadOnly);
    }

    private static string AddHealthCheck(IDistributedApplicationBuilder builder, IResourceWithConnectionString resource)
    {
        var key = $"{resource.Name}_check";
        builder.Services.AddHealthChecks().AddNpgSql(
            _ => resource.ConnectionStringExpression.GetValueAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult()! + ";Timeout=3;Pooling=false",
            name: key);
        return key;
    }

    private static async Task CreateDatabasesAsync(PostgresServerResource postgres, ResourceReadyEvent @event, CancellationToken cancellationToken)
    {
        if (postgres.Databases.Count == 0)
        {
            return;
        }

        var log = @event.Services.GetRequiredService<ResourceLoggerService>().GetLogger(postgres);
        var connectionString = await postgres.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false);
        await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false;Database=postgres");
        foreach (var database in postgres.Databases.Values)
        {
            try
            {
                await using var look = source.CreateCommand("SELECT 1 FROM pg_database WHERE datname = $1");
                look.Parameters.Add(new() { Value = database });
                if (await look.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not null)
                {
                    continue;
                }

                await using var command = source.CreateCommand($"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                DatabaseCreated(log, database);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DuplicateDatabase)
            {
                // Somebody was quicker.
            }
            catch (NpgsqlException e)
            {
                DatabaseFailed(log, database, e.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Created the database '{Database}'.")]
    private static partial void DatabaseCreated(ILogger logger, string database);

    [LoggerMessage(LogLevel.Error, "The database '{Database}' could not be created: {Reason}")]
    private static partial void DatabaseFailed(ILogger logger, string database, string reason);
}
