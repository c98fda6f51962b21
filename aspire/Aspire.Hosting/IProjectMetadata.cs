using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where a project is.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The project file.</summary>
    string ProjectPath { get; }
}

/// <summary>What the local build writes for each project an AppHost refers to.</summary>
public abstract class LocalProjectMetadata : IProjectMetadata
{
    /// <inheritdoc/>
    public abstract string ProjectPath { get; }

    /// <summary>The program it is built into.</summary>
    public abstract string TargetPath { get; }
}

/// <summary>Options of a project resource.</summary>
public class ProjectResourceOptions
{
    /// <summary>The launch profile to take environment and URLs from. The local build reads no launch profiles of projects.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether launch profiles are left aside.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Whether the endpoints of the Kestrel section are left aside.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}
