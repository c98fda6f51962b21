using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace NeuroCred.Tests.Balancer.Render;

/// <summary>
/// A Blueprint, with the fields and values that Render publishes (https://render.com/docs/blueprint-spec) for the kinds of service that are
/// used here: another key fails the test that reads it.
/// </summary>
public sealed class RenderBlueprint
{
    public List<RenderService> Services { get; set; } = [];

    public List<RenderDatabaseFields> Databases { get; set; } = [];

    public static RenderBlueprint Parse(string text) =>
        new DeserializerBuilder()
            .WithNamingConvention(CamelCaseNamingConvention.Instance)
            .WithDuplicateKeyChecking()
            .Build()
            .Deserialize<RenderBlueprint>(text);
}

public sealed class RenderService
{
    public string Type { get; set; } = "";

    public string Name { get; set; } = "";

    public string? Runtime { get; set; }

    public string? Region { get; set; }

    public string? Plan { get; set; }

    public string? DockerfilePath { get; set; }

    public string? DockerContext { get; set; }

    public string? DockerCommand { get; set; }

    public string? PreDeployCommand { get; set; }

    public string? AutoDeployTrigger { get; set; }

    public List<string> Domains { get; set; } = [];

    public string? HealthCheckPath { get; set; }

    public int? MaxShutdownDelaySeconds { get; set; }

    public int? NumInstances { get; set; }

    public RenderScaling? Scaling { get; set; }

    public List<RenderVariable> EnvVars { get; set; } = [];

    public string? MaxmemoryPolicy { get; set; }

    public List<RenderSource>? IpAllowList { get; set; }
}

public sealed class RenderScaling
{
    public int MinInstances { get; set; }

    public int MaxInstances { get; set; }

    [YamlMember(Alias = "targetCPUPercent", ApplyNamingConventions = false)]
    public int? TargetCpuPercent { get; set; }

    public int? TargetMemoryPercent { get; set; }
}

public sealed class RenderVariable
{
    public string Key { get; set; } = "";

    public string? Value { get; set; }

    public bool? GenerateValue { get; set; }

    public bool? Sync { get; set; }

    public RenderReference? FromDatabase { get; set; }

    public RenderReference? FromService { get; set; }
}

public sealed class RenderReference
{
    public string Name { get; set; } = "";

    public string? Type { get; set; }

    public string? Property { get; set; }

    public string? EnvVarKey { get; set; }
}

public sealed class RenderSource
{
    public string Source { get; set; } = "";

    public string? Description { get; set; }
}

public sealed class RenderDatabaseFields
{
    public string Name { get; set; } = "";

    public string? Region { get; set; }

    public string? Plan { get; set; }

    public string? PostgresMajorVersion { get; set; }

    public string? DatabaseName { get; set; }

    public string? User { get; set; }

    public List<RenderSource>? IpAllowList { get; set; }

    public RenderHighAvailability? HighAvailability { get; set; }
}

public sealed class RenderHighAvailability
{
    public bool Enabled { get; set; }
}
