using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>The builder of an AppHost's entry point that runs inside a test, or of an application made in the test.</summary>
/// <param name="inner">The builder.</param>
/// <param name="run">The entry point, or null.</param>
internal sealed class TestingBuilder(DistributedApplicationBuilder inner, AppHostRun? run) : IDistributedApplicationTestingBuilder
{
    private DistributedApplication? _application;

    public ConfigurationManager Configuration => inner.Configuration;

    public string AppHostDirectory => inner.AppHostDirectory;

    public Assembly? AppHostAssembly => inner.AppHostAssembly;

    public IHostEnvironment Environment => inner.Environment;

    public IServiceCollection Services => inner.Services;

    public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

    public IDistributedApplicationEventing Eventing => inner.Eventing;

    public IResourceCollection Resources => inner.Resources;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => inner.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => inner.CreateResourceBuilder(resource);

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
        => _application = run is null ? inner.Build() : await run.BuildAsync(cancellationToken).ConfigureAwait(false);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        run?.Abandon();
        if (_application is { } application)
        {
            await application.DisposeAsync().ConfigureAwait(false);
        }
    }
}

internal static class EmptyApplication
{
    internal static IDistributedApplicationTestingBuilder Create(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure, Assembly caller)
    {
        EntryPointObserver.Current = new Defaults(configure);
        try
        {
            return new TestingBuilder(new(new DistributedApplicationOptions { Args = args, AssemblyName = caller.GetName().Name }), run: null);
        }
        finally
        {
            EntryPointObserver.Current = null;
        }
    }

    private sealed class Defaults(Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : EntryPointObserver
    {
        internal override void Creating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
        {
            TestDefaults.Apply(options, settings);
            configure(options, settings);
        }

        internal override void Created(DistributedApplicationBuilder builder) => TestDefaults.Apply(builder);

        internal override void Building(DistributedApplicationBuilder builder)
        {
        }

        internal override void Built(DistributedApplication application)
        {
        }

        internal override Task RunAsync(DistributedApplication application, CancellationToken cancellationToken)
            => throw new InvalidOperationException("A test starts and stops its application itself.");

        internal override void Disposed()
        {
        }
    }
}
