using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Deployment;

/// <summary>What is deployed, and how it is balanced: the same for every target.</summary>
public sealed record DeploymentPlan
{
    /// <summary>The balancing policy.</summary>
    public required BalancingPolicy Policy { get; init; }

    /// <summary>The images, each with its tag.</summary>
    public DeploymentImages Images { get; init; } = new();

    /// <summary>What one replica gets of a machine.</summary>
    public ReplicaResources Resources { get; init; } = new();

    /// <summary>
    /// Postgres connections that one replica may hold for requests, beside 2 for control. Default: 8, so that
    /// <see cref="ScalingPolicy.MaxReplicas"/> of them fit <see cref="PostgresMaxConnections"/>.
    /// </summary>
    public int PostgresPoolSize { get; init; } = 8;

    /// <summary>Where AWS runs it, such as eu-central-1. Default: none, which leaves it to the provider's own settings.</summary>
    public string AwsRegion { get; init; } = "";

    /// <summary>Where Railway runs it, such as europe-west4-drams3a. Default: none, which leaves it to the workspace.</summary>
    public string RailwayRegion { get; init; } = "";

    /// <summary>Where Render runs it: oregon, ohio, virginia, frankfurt or singapore. Default: oregon.</summary>
    public string RenderRegion { get; init; } = "oregon";

    /// <summary>Postgres's <c>max_connections</c>: for all replicas at the largest scale, and one more during an update.</summary>
    public int PostgresMaxConnections => PostgresConnections.Needed(Policy.Scaling.MaxReplicas + 1, PostgresPoolSize);
}

/// <summary>The images that are deployed.</summary>
public sealed record DeploymentImages
{
    /// <summary>The Api, which is its own migration too (<c>migrate</c>). Default: <c>neurocred-api:1.0.0</c>.</summary>
    public string Api { get; init; } = "neurocred-api:1.0.0";

    /// <summary>The monitor. Default: <c>neurocred-monitor:1.0.0</c>.</summary>
    public string Monitor { get; init; } = "neurocred-monitor:1.0.0";

    /// <summary>nginx 1.29.6 or newer. Default: <c>nginx:1.30</c>.</summary>
    public string Nginx { get; init; } = "nginx:1.30";

    /// <summary>Of Compose and Swarm. Default: <c>postgres:18</c>.</summary>
    public string Postgres { get; init; } = "postgres:18";

    /// <summary>Of Kubernetes, whose operator takes its own images alone, and the version from the tag. Default:
    /// <c>ghcr.io/cloudnative-pg/postgresql:18-minimal-trixie</c>.</summary>
    public string CloudNativePg { get; init; } = "ghcr.io/cloudnative-pg/postgresql:18-minimal-trixie";

    /// <summary>Of Compose, Swarm and Kubernetes. Default: <c>redis:8</c>.</summary>
    public string Redis { get; init; } = "redis:8";
}

/// <summary>What one replica gets of a machine. Autoscaling compares use with what was asked for.</summary>
public sealed record ReplicaResources
{
    /// <summary>Thousandths of a processor asked for. Default: 500.</summary>
    public int CpuMillicores { get; init; } = 500;

    /// <summary>Thousandths of a processor at most. Default: 1000.</summary>
    public int CpuLimitMillicores { get; init; } = 1000;

    /// <summary>MiB of memory asked for. Default: 256 (measured: 54 MB after the start, docs/aspire.md).</summary>
    public int MemoryMebibytes { get; init; } = 256;

    /// <summary>MiB of memory at most. Default: 512.</summary>
    public int MemoryLimitMebibytes { get; init; } = 512;
}
