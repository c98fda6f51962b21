using k8s;
using k8s.Models;

namespace Aspire.Hosting.Dcp;

/// <summary>An object of DCP's API. Its fields are those that the API's own OpenAPI document names.</summary>
internal abstract class DcpObject : IKubernetesObject<V1ObjectMeta>
{
    internal const string Group = "usvc-dev.developer.microsoft.com";
    internal const string Version = "v1";

    protected DcpObject(string kind) => Kind = kind;

    public string ApiVersion { get; set; } = $"{Group}/{Version}";

    public string Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();
}

/// <summary>A process that DCP runs.</summary>
internal sealed class Executable() : DcpObject("Executable")
{
    internal const string Plural = "executables";

    public ExecutableSpec Spec { get; set; } = new();

    public ExecutableStatus? Status { get; set; }
}

internal sealed class ExecutableSpec
{
    public string? ExecutablePath { get; set; }

    public string? WorkingDirectory { get; set; }

    public List<string>? Args { get; set; }

    public List<DcpVariable>? Env { get; set; }

    public AmbientEnvironment? AmbientEnvironment { get; set; }
}

internal sealed class DcpVariable
{
    public string? Name { get; set; }

    public string? Value { get; set; }
}

internal sealed class AmbientEnvironment
{
    internal const string Inherit = "Inherit";

    public string? Behavior { get; set; }
}

internal sealed class ExecutableStatus
{
    /// <summary>One of <see cref="ExecutableState"/>; empty before DCP has looked at the object.</summary>
    public string? State { get; set; }

    public long? Pid { get; set; }

    /// <summary>-1 when a signal ended the process.</summary>
    public int? ExitCode { get; set; }

    public DateTime? StartupTimestamp { get; set; }

    public DateTime? FinishTimestamp { get; set; }
}

internal static class ExecutableState
{
    internal const string Starting = "Starting";
    internal const string Running = "Running";
    internal const string Stopping = "Stopping";
    internal const string Terminated = "Terminated";
    internal const string Finished = "Finished";
    internal const string FailedToStart = "FailedToStart";
}

/// <summary>A TCP proxy that DCP runs before one or more processes.</summary>
internal sealed class Service() : DcpObject("Service")
{
    internal const string Plural = "services";

    /// <summary>The annotation by which a process says which service it serves: a JSON array of name, address and port.</summary>
    internal const string ProducerAnnotation = "service-producer";

    public ServiceSpec Spec { get; set; } = new();
}

internal sealed class ServiceSpec
{
    public string Protocol { get; set; } = "TCP";

    public string AddressAllocationMode { get; set; } = "Localhost";

    public int? Port { get; set; }
}
