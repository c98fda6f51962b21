using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Knows the state of every resource, and tells whoever wants to know of each change.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _disposing = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly ILogger<ResourceNotificationService> _logger;
    private readonly IServiceProvider? _services;

    /// <summary>Creates the service.</summary>
    /// <param name="logger">Where changes are logged, at the debug level.</param>
    /// <param name="hostApplicationLifetime">Ends every wait when the application stops.</param>
    /// <param name="serviceProvider">The application's services, for the state of commands.</param>
    /// <param name="resourceLoggerService">The resources' logs.</param>
    public ResourceNotificationService(
        ILogger<ResourceNotificationService> logger,
        IHostApplicationLifetime hostApplicationLifetime,
        IServiceProvider serviceProvider,
        ResourceLoggerService resourceLoggerService)
    {
        ArgumentNullException.ThrowIfNull(hostApplicationLifetime);
        _logger = logger;
        _services = serviceProvider;
        Loggers = resourceLoggerService;
        DefaultWaitBehavior = serviceProvider.GetService<IOptions<ResourceNotificationServiceOptions>>()?.Value.DefaultWaitBehavior
            ?? WaitBehavior.StopOnResourceUnavailable;
        _stopping = hostApplicationLifetime.ApplicationStopping.Register(_disposing.Cancel);
    }

    private WaitBehavior DefaultWaitBehavior { get; }

    private ResourceLoggerService Loggers { get; }

    /// <summary>Changes the state of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="stateFactory">Makes the new state from the last one. May run under a lock: it must be quick.</param>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return PublishUpdateAsync(resource, resource.GetId(), stateFactory);
    }

    /// <summary>Changes the state of an instance of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="resourceId">The id of the instance.</param>
    /// <param name="stateFactory">Makes the new state from the last one. May run under a lock: it must be quick.</param>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(resourceId);
        ArgumentNullException.ThrowIfNull(stateFactory);
        lock (_lock)
        {
            var last = _states.GetValueOrDefault(resourceId)?.Snapshot ?? ResourceSnapshots.CreateInitial(resource);
            var next = stateFactory(last);
            next = next with { Commands = ResourceSnapshots.GetCommands(resource, next, _services, _logger) };
            if (ResourceSnapshots.AreSame(last, next) && _states.ContainsKey(resourceId))
            {
                return Task.CompletedTask;
            }

            var change = new ResourceEvent(resource, resourceId, next);
            _states[resourceId] = change;
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(change);
            }

            if (last.State?.Text != next.State?.Text)
            {
                NotificationLog.StateChanged(_logger, resourceId, last.State?.Text, next.State?.Text);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Streams every state there is, and every change from then on, until cancelled.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>(new() { SingleReader = true });
        lock (_lock)
        {
            foreach (var state in _states.Values)
            {
                channel.Writer.TryWrite(state);
            }

            _watchers.Add(channel);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(ending.Token).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>Gets the state of an instance.</summary>
    /// <param name="resourceId">The id of the instance, or the name of its resource.</param>
    /// <param name="resourceEvent">The state.</param>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
        {
            return _states.TryGetValue(resourceId, out resourceEvent)
                || (resourceEvent = _states.Values.FirstOrDefault(s => IsNamed(s, resourceId))) is not null;
        }
    }

    /// <summary>Waits until a resource is in a state.</summary>
    /// <param name="resourceName">The resource's name.</param>
    /// <param name="targetState">The state. Default: Running.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default)
        => WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until a resource is in one of several states.</summary>
    /// <param name="resourceName">The resource's name.</param>
    /// <param name="targetStates">The states.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state it is in.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var found = await WaitForResourceAsync(
            resourceName,
            e => e.Snapshot.State is { } state && targetStates.Contains(state.Text, StringComparer.OrdinalIgnoreCase),
            cancellationToken).ConfigureAwait(false);
        return found.Snapshot.State!.Text;
    }

    /// <summary>Waits until something is true of a resource.</summary>
    /// <param name="resourceName">The resource's name.</param>
    /// <param name="predicate">What has to be true.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName,
        Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(resourceName);
        ArgumentNullException.ThrowIfNull(predicate);
        try
        {
            await foreach (var change in WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                if (IsNamed(change, resourceName) && predicate(change))
                {
                    return change;
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException($"The application stopped while '{resourceName}' was being waited for.", e);
        }

        throw new OperationCanceledException($"'{resourceName}' did not get there.");
    }

    /// <summary>Waits until a resource runs and is healthy; what happens when it ends is up to the application's default.</summary>
    /// <param name="resourceName">The resource's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
        => WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until a resource runs and is healthy.</summary>
    /// <param name="resourceName">The resource's name.</param>
    /// <param name="waitBehavior">What to do when the resource ends instead.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DistributedApplicationException">The resource ended or does not exist, and the behaviour is to stop then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        WaitBehavior waitBehavior,
        CancellationToken cancellationToken = default)
    {
        if (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsUnknown(resourceName))
        {
            throw new DistributedApplicationException($"There is no resource '{resourceName}', so it will not become healthy.");
        }

        var found = await WaitForResourceAsync(
            resourceName,
            e => e.Snapshot is { HealthStatus: HealthStatus.Healthy, ReadyHandlers: not null }
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && ResourceSnapshots.IsTerminal(e.Snapshot)),
            cancellationToken).ConfigureAwait(false);
        if (ResourceSnapshots.IsTerminal(found.Snapshot) || found.Snapshot.ReadyHandlers is not { } readyHandlers)
        {
            throw new DistributedApplicationException(
                $"'{resourceName}' is in the state '{found.Snapshot.State?.Text}' and will not become healthy. Its log says why.");
        }

        await readyHandlers.WaitAsync(cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Waits for everything the model says the resource waits for.</summary>
    /// <exception cref="DistributedApplicationException">A dependency ended in a way that cannot be waited out.</exception>
    public async Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        // A parameter neither starts nor ends: there is nothing to wait for.
        var waits = resource.Annotations.Snapshot().OfType<WaitAnnotation>().Where(w => w.Resource is not ParameterResource).ToArray();
        if (waits.Length == 0)
        {
            return;
        }

        await PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Waiting }).ConfigureAwait(false);
        await Task.WhenAll(waits.Select(wait => WaitForAsync(resource, wait, cancellationToken))).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _disposing.Cancel();
        GC.SuppressFinalize(this);
    }

    private bool IsUnknown(string name)
        => !TryGetCurrentState(name, out _)
            && _services?.GetService<DistributedApplicationModel>() is { } model
            && !model.Resources.TryGetByName(name, out _);

    private static bool IsNamed(ResourceEvent change, string nameOrId)
        => string.Equals(change.Resource.Name, nameOrId, StringComparison.OrdinalIgnoreCase)
            || string.Equals(change.ResourceId, nameOrId, StringComparison.OrdinalIgnoreCase);

    private async Task WaitForAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var dependency = wait.Resource;
        var log = Loggers.GetLogger(resource);
        var behavior = wait.WaitBehavior ?? DefaultWaitBehavior;
        NotificationLog.Waiting(log, dependency.Name, wait.WaitType);
        switch (wait.WaitType)
        {
            case WaitType.WaitUntilHealthy:
                await WaitForResourceHealthyAsync(dependency.Name, behavior, cancellationToken).ConfigureAwait(false);
                break;

            case WaitType.WaitUntilStarted:
                var started = await WaitForResourceAsync(
                    dependency.Name,
                    e => e.Snapshot.State?.Text == KnownResourceStates.Running
                        || (behavior == WaitBehavior.StopOnResourceUnavailable && ResourceSnapshots.IsTerminal(e.Snapshot)),
                    cancellationToken).ConfigureAwait(false);
                if (started.Snapshot.State?.Text != KnownResourceStates.Running)
                {
                    throw new DistributedApplicationException($"'{dependency.Name}' ended in the state '{started.Snapshot.State?.Text}'.");
                }

                break;

            case WaitType.WaitForCompletion:
                var ended = await WaitForResourceAsync(dependency.Name, e => ResourceSnapshots.IsTerminal(e.Snapshot), cancellationToken).ConfigureAwait(false);
                if (ended.Snapshot.State?.Text == KnownResourceStates.FailedToStart || ended.Snapshot.ExitCode != wait.ExitCode)
                {
                    throw new DistributedApplicationException(
                        $"'{dependency.Name}' ended in the state '{ended.Snapshot.State?.Text}' with exit code {ended.Snapshot.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "(none)"}; {wait.ExitCode} was expected. Its log says why.");
                }

                break;
        }

        NotificationLog.Waited(log, dependency.Name);
    }
}

/// <summary>How the application's resources are waited for.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>
    /// What waiting does when the other resource has ended. Default: it goes on when there is a dashboard, from which someone
    /// can start that one again, and fails when there is none.
    /// </summary>
    public WaitBehavior DefaultWaitBehavior { get; set; }
}

internal static partial class NotificationLog
{
    [LoggerMessage(LogLevel.Debug, "{ResourceId}: {From} -> {To}")]
    internal static partial void StateChanged(ILogger logger, string resourceId, string? from, string? to);

    [LoggerMessage(LogLevel.Error, "The command '{Command}' of '{Resource}' cannot say whether it can be used: {Reason}")]
    internal static partial void CommandStateFailed(ILogger logger, string command, string resource, string reason);

    [LoggerMessage(LogLevel.Information, "Waiting for '{Dependency}' ({WaitType}).")]
    internal static partial void Waiting(ILogger logger, string dependency, WaitType waitType);

    [LoggerMessage(LogLevel.Information, "'{Dependency}' is there.")]
    internal static partial void Waited(ILogger logger, string dependency);
}
