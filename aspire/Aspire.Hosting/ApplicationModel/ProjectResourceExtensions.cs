namespace Aspire.Hosting.ApplicationModel;

/// <summary>Questions to a project.</summary>
public static class ProjectResourceExtensions
{
    /// <summary>Gets where the project is.</summary>
    public static IProjectMetadata GetProjectMetadata(this ProjectResource projectResource)
    {
        ArgumentNullException.ThrowIfNull(projectResource);
        return projectResource.Annotations.OfType<IProjectMetadata>().Single();
    }
}
