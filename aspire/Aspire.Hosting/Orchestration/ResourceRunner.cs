using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Starts and stops the process of one resource. Each start is a DCP object of its own, so that the last words of an
/// earlier process are never mistaken for news of the present one.
/// </summary>
internal sealed partial class ResourceRunner(
    IResource resource,
    DcpHost dcp,
    ResourceLauncher launcher,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    IServiceProvider services) : IDisposable
{
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _transition = new(1);
    private readonly ILogger _log = loggers.GetLogger(resource);
    private CancellationTokenSource? _starting;
    private Instance? _instance;
    private int _starts;

    internal IResource Resource { get; } = resource;

    /// <summary>Starts the resource: waits for what it waits for, then creates its process. Returns once that is created.</summary>
    /// <exception cref="DistributedApplicationException">It runs already, or could not be started; the state says so too.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await _transition.WaitAsync(0, cancellationToken).ConfigureAwait(false))
        {
            throw new DistributedApplicationException($"'{Resource.Name}' is being started or stopped already.");
        }

        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            if (_instance is { Ended.Task.IsCompleted: false })
            {
                throw new DistributedApplicationException($"'{Resource.Name}' runs already.");
            }

            _starting = starting;
            await StartCoreAsync(starting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await PublishEndAsync(KnownResourceStates.Exited, exitCode: null, DateTime.UtcNow).ConfigureAwait(false);
        }
        finally
        {
            _starting = null;
            _transition.Release();
        }
    }

    /// <summary>Stops the resource: SIGTERM, and SIGKILL if it is still there 6 s later. Returns once it has ended.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        // A start that still waits for something ends here.
        if (_starting is { } starting)
        {
            await CancelAsync(starting).ConfigureAwait(false);
        }

        await _transition.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_instance is { Ended.Task.IsCompleted: false } instance)
            {
                await notifications.PublishUpdateAsync(Resource, s => s with { State = KnownResourceStates.Stopping }).ConfigureAwait(false);
                await dcp.Client.StopExecutableAsync(instance.Name, cancellationToken).ConfigureAwait(false);
                await instance.Ended.Task.WaitAsync(s_stopTimeout, cancellationToken).ConfigureAwait(false);
            }
            else if (!notifications.TryGetCurrentState(Resource.GetId(), out var state) || !ResourceSnapshots.IsTerminal(state.Snapshot))
            {
                await PublishEndAsync(KnownResourceStates.Exited, exitCode: null, DateTime.UtcNow).ConfigureAwait(false);
            }
        }
        finally
        {
            _transition.Release();
        }
    }

    /// <summary>Takes note of a change that DCP reports.</summary>
    internal async Task OnChangedAsync(Executable executable)
    {
        if (_instance is not { } instance || instance.Name != executable.Metadata.Name || executable.Status is not { } status || instance.Ended.Task.IsCompleted)
        {
            return;
        }

        switch (status.State)
        {
            case ExecutableState.Running:
                await notifications.PublishUpdateAsync(Resource, s => s with
                {
                    State = s.State?.Text == KnownResourceStates.Stopping ? s.State : KnownResourceStates.Running,
                    StartTimeStamp = status.StartupTimestamp?.ToUniversalTime() ?? s.StartTimeStamp,
                    Properties = Set(s.Properties, KnownProperties.ExecutablePid, status.Pid?.ToString(CultureInfo.InvariantCulture)),
                }).ConfigureAwait(false);
                break;

            case ExecutableState.Stopping:
                await notifications.PublishUpdateAsync(Resource, s => s with { State = KnownResourceStates.Stopping }).ConfigureAwait(false);
                break;

            case ExecutableState.Finished or ExecutableState.Terminated or ExecutableState.FailedToStart:
                var end = status.State switch
                {
                    ExecutableState.Finished => KnownResourceStates.Finished,
                    ExecutableState.Terminated => KnownResourceStates.Exited,
                    _ => KnownResourceStates.FailedToStart,
                };
                await PublishEndAsync(end, status.ExitCode, status.FinishTimestamp?.ToUniversalTime() ?? DateTime.UtcNow).ConfigureAwait(false);
                instance.Ended.TrySetResult();
                break;
        }
    }

    /// <summary>Whether a DCP object is, or was, the resource's.</summary>
    internal bool Owns(string executableName) => executableName.StartsWith(Resource.GetId(), StringComparison.Ordinal);

    public void Dispose() => _transition.Dispose();

    private async Task StartCoreAsync(CancellationToken cancellationToken)
    {
        await notifications.PublishUpdateAsync(Resource, s => s with
        {
            State = KnownResourceStates.Starting,
            ExitCode = null,
            StartTimeStamp = null,
            StopTimeStamp = null,
            ReadyHandlers = null,
            HealthReports = ResourceSnapshots.GetUnreportedChecks(Resource.Annotations.Snapshot()),
        }).ConfigureAwait(false);
        try
        {
            await notifications.WaitForDependenciesAsync(Resource, cancellationToken).ConfigureAwait(false);
            await notifications.PublishUpdateAsync(Resource, s => s with { State = KnownResourceStates.Starting }).ConfigureAwait(false);
            await eventing.PublishAsync(new BeforeResourceStartedEvent(Resource, services), cancellationToken).ConfigureAwait(false);
            var plan = await launcher.PlanAsync(Resource, _log, cancellationToken).ConfigureAwait(false);
            await notifications.PublishUpdateAsync(Resource, s => ResourceProperties.AddLaunch(s, Resource, plan)).ConfigureAwait(false);
            await CreateInstanceAsync(plan, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            StartFailed(_log, Resource.Name, e.Message);
            await PublishEndAsync(KnownResourceStates.FailedToStart, exitCode: null, DateTime.UtcNow).ConfigureAwait(false);
            throw e is DistributedApplicationException ? e : new DistributedApplicationException($"'{Resource.Name}' could not be started: {e.Message}", e);
        }
    }

    private async Task CreateInstanceAsync(LaunchPlan plan, CancellationToken cancellationToken)
    {
        if (_instance is { } previous)
        {
            await dcp.Client.DeleteExecutableAsync(previous.Name, cancellationToken).ConfigureAwait(false);
        }

        var instance = new Instance($"{Resource.GetId()}-{++_starts}");
        _instance = instance;
        await dcp.Client.CreateAsync(ResourceLauncher.CreateExecutable(Resource, instance.Name, plan.Process), cancellationToken).ConfigureAwait(false);
        _ = FollowLogAsync(instance.Name, standardError: false);
        _ = FollowLogAsync(instance.Name, standardError: true);
    }

    private async Task FollowLogAsync(string name, bool standardError)
    {
        try
        {
            await foreach (var line in dcp.Client.FollowLogAsync(name, standardError, CancellationToken.None).ConfigureAwait(false))
            {
                loggers.Append(Resource.GetId(), line, standardError);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The orchestrator is gone, or the object with it: there is nothing more to read.
        }
    }

    private async Task PublishEndAsync(string state, int? exitCode, DateTime at)
    {
        await notifications.PublishUpdateAsync(Resource, s => s with
        {
            State = new(state, state == KnownResourceStates.FailedToStart || exitCode is not (null or 0) ? KnownResourceStateStyles.Error : null),
            ExitCode = exitCode,
            StopTimeStamp = at,
            Properties = Set(s.Properties, KnownProperties.ExecutablePid, null),
        }).ConfigureAwait(false);
        if (notifications.TryGetCurrentState(Resource.GetId(), out var end))
        {
            await eventing.PublishAsync(new ResourceStoppedEvent(Resource, services, end), EventDispatchBehavior.NonBlockingConcurrent).ConfigureAwait(false);
        }
    }

    private static async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The start ended in this very moment.
        }
    }

    private static ImmutableArray<ResourcePropertySnapshot> Set(ImmutableArray<ResourcePropertySnapshot> properties, string name, string? value)
        => [.. properties.Where(p => p.Name != name), .. value is null ? Array.Empty<ResourcePropertySnapshot>() : [new(name, value)]];

    [LoggerMessage(LogLevel.Error, "'{Resource}' could not be started: {Reason}")]
    private static partial void StartFailed(ILogger logger, string resource, string reason);

    private sealed record Instance(string Name)
    {
        internal TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
