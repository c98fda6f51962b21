using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Supervision;

/// <summary>A resource that the supervisor starts again when it ended by itself, and, if it can be asked whether it lives, kills when it
/// hangs.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Liveness">How it is asked; null when only its end is watched for.</param>
internal sealed record Supervised(IResource Resource, LivenessCheck? Liveness = null)
{
    /// <summary>Whether it is one of several of which one serves sooner when the others are started after it. Default: false.</summary>
    internal bool StartsInTurn { get; init; }

    /// <summary>A replica, asked on its own port, by the policy.</summary>
    internal static Supervised Replica(IResourceBuilder<IResourceWithEndpoints> replica, BalancingPolicy policy) =>
        Http(replica, policy, policy.Health.Liveness.Path, replica.Resource.Name) with
        {
            StartsInTurn = true,
        };

    /// <summary>The gateway: whether nginx itself answers, with the times of a replica, since nothing works without it.</summary>
    internal static Supervised Gateway(IResourceBuilder<NginxResource> gateway, BalancingPolicy policy) =>
        Http(gateway, policy, NginxResource.HealthPath, servedBy: null);

    internal static Supervised Redis(IResourceBuilder<RedisResource> redis) =>
        new(
            redis.Resource,
            new(
                LivenessTimes.Redis,
                clock => new RedisLivenessProbe(redis.Resource.GetConnectionStringAsync, LivenessTimes.Redis.Timeout, clock)
            )
        );

    internal static Supervised Postgres(IResourceBuilder<PostgresServerResource> postgres) =>
        new(
            postgres.Resource,
            new(
                LivenessTimes.Postgres,
                clock => new PostgresLivenessProbe(postgres.Resource.GetConnectionStringAsync, LivenessTimes.Postgres.Timeout, clock)
            )
        );

    private static Supervised Http(IResourceBuilder<IResourceWithEndpoints> resource, BalancingPolicy policy, string path, string? servedBy)
    {
        var times = LivenessTimes.Of(policy);
        return new(
            resource.Resource,
            new(times, clock => new HttpLivenessProbe(servedBy, new(new Uri(resource.GetEndpoint("http").Url), path), times.Timeout, clock))
        );
    }
}

/// <summary>How a resource is asked whether it lives.</summary>
/// <param name="Times">When it is taken to hang.</param>
/// <param name="CreateProbe">Makes the probe of what runs now, whose address is known by then.</param>
internal sealed record LivenessCheck(LivenessTimes Times, Func<TimeProvider, ILivenessProbe> CreateProbe);
