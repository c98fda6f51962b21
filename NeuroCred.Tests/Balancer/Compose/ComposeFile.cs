using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace NeuroCred.Tests.Balancer.Compose;

/// <summary>
/// A Compose file, with the keys that NeuroCred uses of the specification (https://github.com/compose-spec/compose-spec) and no others: one
/// that is misspelt or unknown fails the test that reads it.
/// </summary>
internal sealed class ComposeFile
{
    public string? Version { get; set; }

    public Dictionary<string, ComposeService> Services { get; set; } = [];

    public Dictionary<string, ComposeNetwork> Networks { get; set; } = [];

    public Dictionary<string, object?> Volumes { get; set; } = [];

    public Dictionary<string, ComposeSource> Secrets { get; set; } = [];

    public Dictionary<string, ComposeSource> Configs { get; set; } = [];

    [YamlMember(Alias = "x-hardened", ApplyNamingConventions = false)]
    public object? Hardened { get; set; }

    [YamlMember(Alias = "x-logging", ApplyNamingConventions = false)]
    public ComposeLogging? Logging { get; set; }

    /// <summary>Reads a file. Anchors and merge keys count, as for Compose itself.</summary>
    public static ComposeFile Parse(string text) =>
        new DeserializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .Build()
            .Deserialize<ComposeFile>(new MergingParser(new Parser(new StringReader(text))));
}

internal sealed class ComposeService
{
    public string Image { get; set; } = "";

    public string? User { get; set; }

    public string? Hostname { get; set; }

    public List<string> Command { get; set; } = [];

    public bool ReadOnly { get; set; }

    public List<string> CapDrop { get; set; } = [];

    public List<string> SecurityOpt { get; set; } = [];

    public string? Restart { get; set; }

    public ComposeLogging? Logging { get; set; }

    public List<string> Tmpfs { get; set; } = [];

    public Dictionary<string, string> Labels { get; set; } = [];

    public List<object> Volumes { get; set; } = [];

    public List<object> Secrets { get; set; } = [];

    public List<Dictionary<string, string>> Configs { get; set; } = [];

    public List<object> Ports { get; set; } = [];

    public List<string> Networks { get; set; } = [];

    public Dictionary<string, string> Environment { get; set; } = [];

    public Dictionary<string, ComposeDependency> DependsOn { get; set; } = [];

    public ComposeHealthCheck? Healthcheck { get; set; }

    public ComposeDeploy? Deploy { get; set; }

    public string? Cpus { get; set; }

    public string? MemLimit { get; set; }

    public string? MemReservation { get; set; }

    public string? ShmSize { get; set; }

    public int? PidsLimit { get; set; }

    public string? StopSignal { get; set; }

    public string? StopGracePeriod { get; set; }
}

internal sealed class ComposeLogging
{
    public string Driver { get; set; } = "";

    public Dictionary<string, string> Options { get; set; } = [];
}

internal sealed class ComposeDependency
{
    public string Condition { get; set; } = "";
}

internal sealed class ComposeHealthCheck
{
    public bool Disable { get; set; }

    public List<string> Test { get; set; } = [];

    public string? Interval { get; set; }

    public string? Timeout { get; set; }

    public int Retries { get; set; }

    public string? StartPeriod { get; set; }
}

internal sealed class ComposeDeploy
{
    public string? Mode { get; set; }

    public int? Replicas { get; set; }

    public string? EndpointMode { get; set; }

    public ComposeUpdate? UpdateConfig { get; set; }

    public ComposeUpdate? RollbackConfig { get; set; }

    public Dictionary<string, string> RestartPolicy { get; set; } = [];

    public Dictionary<string, List<string>> Placement { get; set; } = [];

    public Dictionary<string, Dictionary<string, string>> Resources { get; set; } = [];
}

internal sealed class ComposeUpdate
{
    public int? Parallelism { get; set; }

    public string? Delay { get; set; }

    public string? Order { get; set; }

    public string? FailureAction { get; set; }

    public string? Monitor { get; set; }

    public double? MaxFailureRatio { get; set; }
}

internal sealed class ComposeNetwork
{
    public string? Driver { get; set; }

    public bool Internal { get; set; }
}

internal sealed class ComposeSource
{
    public string? File { get; set; }

    public string? Name { get; set; }

    public bool External { get; set; }
}
