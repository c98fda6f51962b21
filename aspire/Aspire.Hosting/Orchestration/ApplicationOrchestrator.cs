using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Health;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Orchestration;

/// <summary>Brings the model to life, and ends it.</summary>
internal sealed partial class ApplicationOrchestrator(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext executionContext,
    IDistributedApplicationEventing eventing,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    DcpHost dcp,
    ResourceLauncher launcher,
    DashboardHost dashboard,
    IOptions<HealthCheckServiceOptions> healthChecks,
    IHostApplicationLifetime lifetime,
    IServiceProvider services,
    ILogger<ApplicationOrchestrator> logger) : IHostedService, IAsyncDisposable
{
    private readonly List<ResourceRunner> _runners = [];

    // From the first moment of a stop, as every wait for a resource ends then: a start that fails of that has not failed.
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);

    // Apart from the other: stopping a resource waits for what the watch reports.
    private readonly CancellationTokenSource _watchEnding = new();
    private Task _watching = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var subscriber in services.GetServices<IDistributedApplicationEventingSubscriber>())
        {
            await subscriber.SubscribeAsync(eventing, executionContext, cancellationToken).ConfigureAwait(false);
        }

        await eventing.PublishAsync(new BeforeStartEvent(services, model), cancellationToken).ConfigureAwait(false);
        HealthCheckKeys.Check(model, healthChecks.Value);
        var bundle = Prerequisites.Check(model);
        await AllocateEndpointsAsync(cancellationToken).ConfigureAwait(false);
        await InitializeResourcesAsync(cancellationToken).ConfigureAwait(false);
        await dcp.StartAsync(bundle).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _watching = WatchAsync(_watchEnding.Token);
        await dashboard.StartAsync(bundle, cancellationToken).ConfigureAwait(false);
        await CreateProxiesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var runner in _runners.Where(r => !r.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>()))
        {
            _ = StartInBackgroundAsync(runner);
        }

        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Stopping(logger);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await StopRunnersAsync(cancellationToken).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watchEnding.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await dcp.DisposeAsync().ConfigureAwait(false);
        _runners.Clear();
    }

    private async Task AllocateEndpointsAsync(CancellationToken cancellationToken)
    {
        var named = model.Resources.SelectMany(r => r.Annotations.Snapshot().OfType<EndpointAnnotation>()).SelectMany(e => new[] { e.Port, e.TargetPort });
        var allocator = new EndpointAllocator(new(named.OfType<int>()));
        foreach (var resource in model.Resources)
        {
            allocator.Allocate(resource);
        }

        await EndpointAllocator.WaitForPortsAsync(model.Resources, logger, cancellationToken).ConfigureAwait(false);
        foreach (var resource in model.Resources.OfType<IResourceWithEndpoints>())
        {
            await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task InitializeResourcesAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources)
        {
            if (resource is ProjectResource or ExecutableResource or ContainerResource)
            {
                resource.Annotations.Add(new ResourceIdAnnotation(resource.Name));
                var runner = new ResourceRunner(resource, dcp, launcher, notifications, loggers, eventing, services, _stopping.Token);
                LifecycleCommands.AddTo(resource, runner.StartAsync, runner.StopAsync);
                _runners.Add(runner);
            }

            var urls = await ResourceUrls.GetAsync(resource, executionContext, cancellationToken).ConfigureAwait(false);
            await notifications.PublishUpdateAsync(resource, s => s with { State = s.State ?? KnownResourceStates.NotStarted, Urls = urls }).ConfigureAwait(false);
            await eventing.PublishAsync(new InitializeResourceEvent(resource, eventing, loggers, notifications, services), cancellationToken).ConfigureAwait(false);
            switch (resource)
            {
                case ParameterResource parameter:
                    await PublishParameterAsync(parameter, cancellationToken).ConfigureAwait(false);
                    break;
                case IResourceWithConnectionString:
                    await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, services), cancellationToken).ConfigureAwait(false);
                    break;
            }

            // A part of another resource lives as long as that one.
            if (resource is IResourceWithParent { Parent: { } parent } and not (ProjectResource or ExecutableResource or ContainerResource))
            {
                _ = MirrorAsync(resource, parent, _stopping.Token);
            }
        }
    }

    private async Task PublishParameterAsync(ParameterResource parameter, CancellationToken cancellationToken)
    {
        ResourceStateSnapshot state;
        ResourcePropertySnapshot[] properties = [];
        try
        {
            var value = await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
            state = new(KnownResourceStates.Running, KnownResourceStateStyles.Success);
            properties = [new(KnownProperties.ParameterValue, value) { IsSensitive = parameter.Secret }];
        }
        catch (DistributedApplicationException e)
        {
            ParameterMissing(logger, e.Message);
            state = new(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Error);
        }

        await notifications.PublishUpdateAsync(parameter, s => s with
        {
            State = state,
            Properties = [new(KnownProperties.Source, parameter.ConfigurationKey), .. properties],
        }).ConfigureAwait(false);
    }

    private async Task MirrorAsync(IResource child, IResource parent, CancellationToken cancellationToken)
    {
        await notifications.PublishUpdateAsync(child, s => s with
        {
            Properties = [.. s.Properties, new(KnownProperties.ParentName, parent.Name)],
            Relationships = s.Relationships.Add(new(parent.Name, "Parent")),
        }).ConfigureAwait(false);
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                if (ReferenceEquals(change.Resource, parent))
                {
                    await notifications.PublishUpdateAsync(child, s => s.State == change.Snapshot.State && s.StartTimeStamp == change.Snapshot.StartTimeStamp ? s : s with
                    {
                        State = change.Snapshot.State,
                        StartTimeStamp = change.Snapshot.StartTimeStamp,
                        StopTimeStamp = change.Snapshot.StopTimeStamp,
                        ExitCode = change.Snapshot.ExitCode,
                        ReadyHandlers = null,
                        HealthReports = ResourceSnapshots.GetUnreportedChecks(child.Annotations.Snapshot()),
                    }).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private async Task CreateProxiesAsync(CancellationToken cancellationToken)
    {
        foreach (var runner in _runners)
        {
            foreach (var listen in runner.Resource.Annotations.Snapshot().OfType<ListenAnnotation>().Where(l => l.NeedsProxy))
            {
                var service = new Dcp.Service { Spec = new() { Port = listen.Endpoint.AllocatedEndpoint!.Port } };
                service.Metadata.Name = listen.GetServiceName(runner.Resource);
                await dcp.Client.CreateAsync(service, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task StartInBackgroundAsync(ResourceRunner runner)
    {
        try
        {
            await runner.StartAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (DistributedApplicationException e)
        {
            ResourceFailed(logger, e.Message);
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var executable in dcp.Client.WatchExecutablesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (_runners.Find(r => r.Owns(executable.Metadata.Name)) is { } runner)
                {
                    await runner.OnChangedAsync(executable).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application has stopped.
        }
#pragma warning disable CA1031 // Without the watch every state is a lie, whatever ended it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            OrchestratorLost(logger, e.Message);
            dcp.IsLost = true;
            await Task.WhenAll(_runners.Select(r => r.OnOrchestratorLostAsync())).ConfigureAwait(false);
            lifetime.StopApplication();
        }
    }

    /// <summary>Stops what nothing else uses first, so that a gateway ends before its replicas, and they before their database.</summary>
    private async Task StopRunnersAsync(CancellationToken cancellationToken)
    {
        var remaining = _runners.ToList();
        while (remaining.Count > 0)
        {
            var used = remaining.SelectMany(r => r.Resource.Annotations.Snapshot().OfType<ResourceRelationshipAnnotation>())
                .Select(a => a.Resource is IResourceWithParent { Parent: var parent } ? parent : a.Resource)
                .ToHashSet();
            var wave = remaining.Where(r => !used.Contains(r.Resource)).ToList();
            wave = wave.Count > 0 ? wave : [.. remaining];
            await Task.WhenAll(wave.Select(r => StopAsync(r, cancellationToken))).ConfigureAwait(false);
            remaining.RemoveAll(wave.Contains);
        }

        async Task StopAsync(ResourceRunner runner, CancellationToken ct)
        {
            try
            {
                await runner.StopAsync(ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is TimeoutException or HttpRequestException or DistributedApplicationException or k8s.Autorest.HttpOperationException or OperationCanceledException)
            {
                StopFailed(logger, runner.Resource.Name, e.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Critical, "{Reason} The application is stopped: nothing of it could be watched, stopped or started any more.")]
    private static partial void OrchestratorLost(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "Stopping every resource; that takes up to 6 s.")]
    private static partial void Stopping(ILogger logger);

    [LoggerMessage(LogLevel.Error, "{Message}")]
    private static partial void ResourceFailed(ILogger logger, string message);

    [LoggerMessage(LogLevel.Error, "{Message}")]
    private static partial void ParameterMissing(ILogger logger, string message);

    [LoggerMessage(LogLevel.Warning, "'{Resource}' could not be stopped in good order, and is ended with the orchestrator: {Reason}")]
    private static partial void StopFailed(ILogger logger, string resource, string reason);
}
