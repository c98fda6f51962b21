namespace Aspire.Hosting.ApplicationModel;

/// <summary>Relates a resource to another one on the dashboard.</summary>
/// <param name="resource">The other one.</param>
/// <param name="type">What it is to this one: <c>Parent</c>, <c>Reference</c>, <c>WaitFor</c>.</param>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other one.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What it is to this one.</summary>
    public string Type { get; } = type;
}

/// <summary>The state a resource is shown in before it is started.</summary>
/// <param name="initialSnapshot">The state.</param>
public class ResourceSnapshotAnnotation(CustomResourceSnapshot initialSnapshot) : IResourceAnnotation
{
    /// <summary>The state.</summary>
    public CustomResourceSnapshot InitialSnapshot { get; } = initialSnapshot;
}

/// <summary>Leaves a resource unstarted until someone starts it.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>Has a resource export its telemetry.</summary>
public class OtlpExporterAnnotation : IResourceAnnotation;

/// <summary>An icon for a resource on the dashboard.</summary>
/// <param name="iconName">The name of a Fluent UI icon.</param>
/// <param name="iconVariant">Its variant.</param>
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    /// <summary>The name of a Fluent UI icon.</summary>
    public string IconName { get; } = iconName;

    /// <summary>Its variant.</summary>
    public IconVariant IconVariant { get; } = iconVariant;
}

/// <summary>The variants of an icon.</summary>
public enum IconVariant
{
    /// <summary>In outline.</summary>
    Regular = 0,

    /// <summary>Filled.</summary>
    Filled = 1,
}
