using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project that the AppHost refers to.</summary>
    /// <typeparam name="TProject">The project, as the build names it: <c>Projects.My_Api</c>.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name as a resource.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name)
        where TProject : IProjectMetadata, new()
        => builder.AddProject<TProject>(name, _ => { });

    /// <summary>Adds a project that the AppHost refers to.</summary>
    /// <typeparam name="TProject">The project, as the build names it: <c>Projects.My_Api</c>.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name as a resource.</param>
    /// <param name="configure">Changes the options.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(new());
        return builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new TProject())
            .WithAnnotation(new OtlpExporterAnnotation())
            .WithEnvironment(context => ProjectEnvironment.Add(context, builder.Environment));
    }
}
