using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Watches an AppHost's entry point that runs inside a test. It flows with the entry point's own asynchronous
/// context, so that several AppHosts can be built at once in one process.
/// </summary>
internal abstract class EntryPointObserver
{
    private static readonly AsyncLocal<EntryPointObserver?> s_current = new();

    internal static EntryPointObserver? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    internal abstract void Creating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    internal abstract void Created(DistributedApplicationBuilder builder);

    /// <summary>Called when the entry point builds; returns when the test wants it to.</summary>
    internal abstract void Building(DistributedApplicationBuilder builder);

    internal abstract void Built(DistributedApplication application);

    /// <summary>Called when the entry point runs the application, which the test starts and stops in its stead.</summary>
    internal abstract Task RunAsync(DistributedApplication application, CancellationToken cancellationToken);

    /// <summary>Called when the application was disposed of; the entry point goes on then.</summary>
    internal abstract void Disposed();
}
