namespace NeuroCred.AppHost;

/// <summary>The role of Postgres that requests are served with.</summary>
internal static class ServiceRole
{
    private const string Name = "neurocred_service";

    /// <summary>Tells a program of the role: the migrations, which make it, and replicas, which use it.</summary>
    internal static IResourceBuilder<ProjectResource> WithServiceRole(
        this IResourceBuilder<ProjectResource> program,
        IResourceBuilder<ParameterResource> password
    ) => program.WithEnvironment("Postgres__User", Name).WithEnvironment("Postgres__Password", password);
}
