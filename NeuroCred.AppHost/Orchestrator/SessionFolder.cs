#pragma warning disable ASPIREFILESYSTEM001 // The one public place where Aspire names the folder.
using Microsoft.Extensions.DependencyInjection;

namespace NeuroCred.AppHost.Orchestrator;

/// <summary>
/// The folder that Aspire makes for its orchestrator just before it starts it. It tells this application's orchestrator from those of other
/// applications in the same process, as in a test.
/// </summary>
internal sealed class SessionFolder(IFileSystemService inner) : IFileSystemService, ITempFileSystemService
{
    private const string Prefix = "aspire-dcp";

    /// <summary>Its path, or null when the orchestrator is not being started yet.</summary>
    internal string? Path { get; private set; }

    public ITempFileSystemService TempDirectory => this;

    /// <summary>Has Aspire make its temporary folders through one of these.</summary>
    internal static void Watch(IServiceCollection services)
    {
        var aspires = services.Last(service => service.ServiceType == typeof(IFileSystemService));
        var create =
            aspires.ImplementationFactory
            ?? throw new InvalidOperationException(
                "Aspire registers IFileSystemService in another way than 13.6 does: adapt SessionFolder."
            );
        services.AddSingleton(provider => new SessionFolder((IFileSystemService)create(provider)));
        services.AddSingleton<IFileSystemService>(provider => provider.GetRequiredService<SessionFolder>());
    }

    public TempDirectory CreateTempSubdirectory(string? prefix = null)
    {
        var folder = inner.TempDirectory.CreateTempSubdirectory(prefix);
        if (prefix == Prefix)
        {
            Path = folder.Path;
        }

        return folder;
    }

    public TempFile CreateTempFile(string? fileName = null) => inner.TempDirectory.CreateTempFile(fileName);
}
