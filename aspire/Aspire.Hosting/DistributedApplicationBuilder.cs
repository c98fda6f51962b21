using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Secrets;
using Aspire.Hosting.StandIns.Nginx;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <inheritdoc cref="IDistributedApplicationBuilder"/>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly EntryPointObserver? _observer = EntryPointObserver.Current;

    /// <summary>Creates a builder.</summary>
    /// <param name="args">The command line.</param>
    public DistributedApplicationBuilder(string[] args) : this(new DistributedApplicationOptions { Args = args })
    {
    }

    /// <summary>Creates a builder.</summary>
    /// <param name="options">The options.</param>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        _observer?.Creating(options, settings);
        settings.Args = options.Args;

        AppHostAssembly = Hosting.AppHostAssembly.Find(options.AssemblyName);
        var projectDirectory = options.ProjectDirectory ?? Hosting.AppHostAssembly.GetProjectDirectory(AppHostAssembly);
        AppHostDirectory = Directory.Exists(projectDirectory) ? projectDirectory : AppContext.BaseDirectory;
        Secrets = new(Hosting.AppHostAssembly.GetUserSecretsId(AppHostAssembly));

        settings.ContentRootPath = AppHostDirectory;
        settings.ApplicationName = AppHostAssembly?.GetName().Name;
        _host = new(settings);
        // First, so that everything else may say otherwise.
        _host.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new(InstalledNginx.VersionKey, InstalledNginx.Version)] });
        ApplicationName = options.DashboardApplicationName ?? GetApplicationName();
        _host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // A start that fails is told by whoever called it.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        _host.Logging.AddFilter("Grpc", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Services.AddSingleton(options);
        _host.Services.AddSingleton(ExecutionContext);
        _host.Services.AddSingleton(Eventing);
        _host.Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        _host.Services.AddHealthChecks();
        _host.Services.AddLocalHosting(this);
        _observer?.Created(this);
    }

    /// <inheritdoc/>
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc/>
    public string AppHostDirectory { get; }

    /// <inheritdoc/>
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc/>
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc/>
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc/>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    /// <inheritdoc/>
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc/>
    public IResourceCollection Resources { get; } = new ResourceCollection();

    internal UserSecrets Secrets { get; }

    internal string ApplicationName { get; }

    /// <inheritdoc/>
    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc/>
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    /// <inheritdoc/>
    public DistributedApplication Build()
    {
        _observer?.Building(this);
        var application = new DistributedApplication(_host.Build(), _observer);
        ExecutionContext.ServiceProvider = application.Services;
        _observer?.Built(application);
        return application;
    }

    private string GetApplicationName()
    {
        var name = AppHostAssembly?.GetName().Name ?? Path.GetFileName(AppHostDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return name.EndsWith(".AppHost", StringComparison.Ordinal) ? name[..^".AppHost".Length] : name;
    }
}
