namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says what a resource waits for before each of its starts.</summary>
/// <param name="resource">The resource it waits for.</param>
/// <param name="waitType">What has to happen to that one.</param>
/// <param name="exitCode">The exit code that counts as completion.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The resource it waits for.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What has to happen to that one.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>The exit code that counts as completion.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do when the other one ended, or null for the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }
}

/// <summary>What a resource waits for.</summary>
public enum WaitType
{
    /// <summary>The other one runs and is healthy.</summary>
    WaitUntilHealthy = 0,

    /// <summary>The other one ended with the right exit code.</summary>
    WaitForCompletion = 1,

    /// <summary>The other one runs.</summary>
    WaitUntilStarted = 2,
}

/// <summary>What waiting does when the other resource has ended.</summary>
public enum WaitBehavior
{
    /// <summary>It goes on: someone may start the other one again.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>It fails.</summary>
    StopOnResourceUnavailable = 1,
}
