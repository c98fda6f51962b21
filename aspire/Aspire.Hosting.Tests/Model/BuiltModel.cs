using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Tests.Model;

/// <summary>An application that is built and never started, for what its services do without a process.</summary>
internal sealed class BuiltModel : IAsyncDisposable
{
    private readonly DistributedApplication _application;

    public BuiltModel(Action<IDistributedApplicationTestingBuilder>? configure = null)
    {
        var builder = TestModel.CreateBuilder();
        Program = builder.AddProgram("program").Resource;
        configure?.Invoke(builder);
        _application = builder.Build();
    }

    /// <summary>The resource <c>program</c>.</summary>
    public ExecutableResource Program { get; }

    public IServiceProvider Services => _application.Services;

    public ResourceNotificationService Notifications => _application.ResourceNotifications;

    public ResourceCommandService Commands => _application.ResourceCommands;

    public ResourceLoggerService Loggers => Services.GetRequiredService<ResourceLoggerService>();

    public CustomResourceSnapshot Current
        => Notifications.TryGetCurrentState(Program.Name, out var state) ? state.Snapshot : throw new InvalidOperationException("There is no state yet.");

    public Task PublishAsync(string? state, Func<CustomResourceSnapshot, CustomResourceSnapshot>? change = null, IResource? resource = null)
        => Notifications.PublishUpdateAsync(resource ?? Program, s => (change?.Invoke(s) ?? s) with { State = state });

    public void StopApplication() => Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
