using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>Adds Redis servers.</summary>
public static class RedisBuilderExtensions
{
    private const string Image = "library/redis";
    private const string Tag = "8.6";
    private const int TargetPort = 6379;

    /// <summary>Adds a Redis server with a generated password.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="port">The port that clients use; any free one when null.</param>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port)
        => builder.AddRedis(name, port, password: null);

    /// <summary>Adds a Redis server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="port">The port that clients use; any free one when null.</param>
    /// <param name="password">The password; generated when null.</param>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var parameter = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        var redis = new RedisResource(name, parameter);
        var healthCheck = $"{name}_check";
        builder.Services.AddHealthChecks().AddRedis(
            _ => redis.ConnectionStringExpression.GetValueAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult()!, healthCheck);

        // The password goes by the environment: arguments are there for everyone on the machine to read. The shell makes way
        // for the server, which then gets the signals that are meant for it.
        return builder.AddResource(redis)
            .WithImage(Image, Tag)
            .WithImageRegistry("docker.io")
            .WithEndpoint(port, TargetPort, name: RedisResource.PrimaryEndpointName)
            .WithEnvironment(context => context.EnvironmentVariables["REDIS_PASSWORD"] = redis.PasswordParameter!)
            .WithEntrypoint("/bin/sh")
            .WithArgs(context =>
            {
                var persistence = redis.TryGetLastAnnotation<PersistenceAnnotation>(out var p)
                    ? string.Create(CultureInfo.InvariantCulture, $" --save {(long)p.Interval.TotalSeconds} {p.KeysChangedThreshold}")
                    : "";
                context.Args.Add("-c");
                context.Args.Add($"exec redis-server --requirepass \"$REDIS_PASSWORD\"{persistence}");
            })
            .WithHealthCheck(healthCheck);
    }

    /// <summary>Keeps the data in a volume, written every minute in which something changed.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume's name; made from the application's and the server's when null.</param>
    /// <param name="isReadOnly">Whether the server may not write to it.</param>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), "/data", isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>Writes the data to disk now and then.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="interval">How often. Default: 60 s.</param>
    /// <param name="keysChangedThreshold">How many keys must have changed. Default: 1.</param>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(
            new PersistenceAnnotation(interval ?? TimeSpan.FromSeconds(60), keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);
    }

    private sealed record PersistenceAnnotation(TimeSpan Interval, long KeysChangedThreshold) : IResourceAnnotation;
}
