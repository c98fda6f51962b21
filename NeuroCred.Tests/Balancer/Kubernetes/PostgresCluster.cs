using k8s.Models;

namespace NeuroCred.Tests.Balancer.Kubernetes;

/// <summary>
/// CloudNativePG's Cluster, with those fields of version 1 that are used here: a custom resource, of which the client has no type.
/// https://cloudnative-pg.io/docs/1.30/cloudnative-pg.v1
/// </summary>
public sealed class PostgresCluster : CustomResource<PostgresClusterSpec>;

public sealed class PostgresClusterSpec
{
    public string ImageName { get; set; } = "";

    public int Instances { get; set; }

    public PostgresBootstrap Bootstrap { get; set; } = new();

    public PostgresManaged Managed { get; set; } = new();

    public PostgresConfiguration Postgresql { get; set; } = new();

    public int SmartShutdownTimeout { get; set; } = 180;

    public V1ResourceRequirements Resources { get; set; } = new();

    public PostgresStorage Storage { get; set; } = new();
}

public sealed class PostgresBootstrap
{
    public PostgresInitialization Initdb { get; set; } = new();
}

public sealed class PostgresInitialization
{
    public string Database { get; set; } = "";

    public string Owner { get; set; } = "";
}

public sealed class PostgresManaged
{
    public List<PostgresRole> Roles { get; set; } = [];
}

public sealed class PostgresRole
{
    public string Name { get; set; } = "";

    public bool Login { get; set; }

    public bool Createrole { get; set; }
}

public sealed class PostgresConfiguration
{
    public Dictionary<string, string> Parameters { get; set; } = [];

    public PostgresSynchronous Synchronous { get; set; } = new();
}

public sealed class PostgresSynchronous
{
    public string Method { get; set; } = "";

    public int Number { get; set; }

    public string DataDurability { get; set; } = "";

    public bool FailoverQuorum { get; set; }
}

public sealed class PostgresStorage
{
    public string Size { get; set; } = "";
}
