using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The state of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>The kind of resource: <c>Project</c>, <c>Container</c>, <c>Executable</c>, <c>Parameter</c>.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Further facts, by name.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>The state, one of <see cref="KnownResourceStates"/> as a rule.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>When the resource was added.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it last ended.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>The exit code it ended with; -1 when a signal ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Its environment.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Its URLs.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>Its volumes.</summary>
    public ImmutableArray<VolumeSnapshot> Volumes { get; init; } = [];

    /// <summary>What can be done to it.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    /// <summary>How it relates to other resources.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>What its health checks last said.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>The worst of the health reports; null unless the resource runs. A check that has not reported yet counts as unhealthy.</summary>
    public HealthStatus? HealthStatus => State?.Text != KnownResourceStates.Running
        ? null
        : HealthReports.Select(r => r.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy)
            .Append(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy).Min();

    /// <summary>Whether the dashboard hides it.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The handlers of <see cref="ResourceReadyEvent"/>, once the resource became healthy; null before.</summary>
    internal Task? ReadyHandlers { get; init; }

    /// <summary>Its icon.</summary>
    public string? IconName { get; init; }

    /// <summary>The icon's variant.</summary>
    public IconVariant? IconVariant { get; init; }
}

/// <summary>A state.</summary>
/// <param name="Text">Its name.</param>
/// <param name="Style">How it is shown, one of <see cref="KnownResourceStateStyles"/>.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state with the style that goes with its name.</summary>
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, Style: null);
}

/// <summary>A fact about a resource.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether the dashboard masks it.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>An environment variable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsFromSpec">Whether the model set it, rather than the machine.</param>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>A URL.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Url">The URL.</param>
/// <param name="IsInternal">Whether it is shown in the details only.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>Whether it does not work now.</summary>
    public bool IsInactive { get; init; }

    /// <summary>How it is shown.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();
}

/// <summary>How a URL is shown.</summary>
/// <param name="DisplayName">What is shown instead of it.</param>
/// <param name="SortOrder">Higher numbers come first.</param>
public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);

/// <summary>A volume.</summary>
/// <param name="Source">The host folder or the volume's name.</param>
/// <param name="Target">The path in the container.</param>
/// <param name="MountType"><c>bind</c> or <c>volume</c>.</param>
/// <param name="IsReadOnly">Whether the container may not write to it.</param>
public sealed record VolumeSnapshot(string? Source, string Target, string MountType, bool IsReadOnly);

/// <summary>A relation to another resource.</summary>
/// <param name="ResourceName">The other one.</param>
/// <param name="Type">What it is to this one.</param>
public sealed record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>What a health check said.</summary>
/// <param name="Name">The check.</param>
/// <param name="Status">Its verdict, or null before the first.</param>
/// <param name="Description">Why.</param>
/// <param name="ExceptionText">What went wrong while checking.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    internal DateTime? LastRunAt { get; init; }
}

/// <summary>A command and whether it can be used now.</summary>
/// <param name="Name">The name it is called by.</param>
/// <param name="State">Whether it can be used.</param>
/// <param name="DisplayName">The name it is shown by.</param>
/// <param name="DisplayDescription">What it does.</param>
/// <param name="Parameter">A value that comes back with each call.</param>
/// <param name="ConfirmationMessage">What the user is asked first.</param>
/// <param name="IconName">Its icon.</param>
/// <param name="IconVariant">The icon's variant.</param>
/// <param name="IsHighlighted">Whether it has a button of its own.</param>
public sealed record ResourceCommandSnapshot(
    string Name,
    ResourceCommandState State,
    string DisplayName,
    string? DisplayDescription,
    object? Parameter,
    string? ConfirmationMessage,
    string? IconName,
    IconVariant? IconVariant,
    bool IsHighlighted);
