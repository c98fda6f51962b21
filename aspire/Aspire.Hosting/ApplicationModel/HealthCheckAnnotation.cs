namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names a registered health check that speaks for the resource.</summary>
/// <param name="key">The name it is registered by.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The name it is registered by.</summary>
    public string Key { get; } = key;
}
