using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.StandIns;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Starts and stops the process of one resource. Each start is a DCP object of its own, so that the last words of an
/// earlier process are never mistaken for news of the present one.
/// </summary>
#pragma warning disable CA1001 // A semaphore without a wait handle holds nothing, and a start that is being given up may still release it.
internal sealed partial class ResourceRunner(
#pragma warning restore CA1001
    IResource resource,
    DcpHost dcp,
    ResourceLauncher launcher,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    CancellationToken stopping)
{
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_firstNews = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_insist = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _transition = new(1);
    private readonly ILogger _log = loggers.GetLogger(resource);
    private CancellationTokenSource? _starting;
    private ResourceInstance? _instance;
    private int _starts;

    internal IResource Resource { get; } = resource;

    /// <summary>
    /// Starts the resource: waits for what it waits for, then creates its process. Returns once that runs, or has ended already.
    /// A start that comes while the resource is being stopped begins when that is done.
    /// </summary>
    /// <exception cref="DistributedApplicationException">It runs already, or could not be started; the state says so too.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, the application stops, or the caller gave up.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        if (Interlocked.CompareExchange(ref _starting, starting, null) is not null)
        {
            throw new DistributedApplicationException($"'{Resource.Name}' is being started already.");
        }

        try
        {
            await _transition.WaitAsync(starting.Token).ConfigureAwait(false);
            try
            {
                if (_instance is { Ended.Task.IsCompleted: false })
                {
                    throw new DistributedApplicationException($"'{Resource.Name}' runs already.");
                }

                var instance = await StartCoreAsync(starting).ConfigureAwait(false);
                if (await instance.WaitForNewsAsync(s_firstNews, starting.Token).ConfigureAwait(false) is { } problem)
                {
                    throw new DistributedApplicationException($"'{Resource.Name}' could not be started: {problem}");
                }
            }
            finally
            {
                _transition.Release();
            }
        }
        finally
        {
            StartIsOver(starting);
        }
    }

    /// <summary>Stops the resource: SIGTERM, and SIGKILL if it is still there 6 s later. Returns once it has ended.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        do
        {
            // A start that still waits for something ends here.
            if (_starting is { } starting)
            {
                await CancelAsync(starting).ConfigureAwait(false);
            }
        }
        while (!await _transition.WaitAsync(s_insist, cancellationToken).ConfigureAwait(false));

        try
        {
            if (_instance is { Ended.Task.IsCompleted: false } instance)
            {
                instance.IsStopping = true;
                await notifications.PublishUpdateAsync(Resource, s => instance.Ended.Task.IsCompleted ? s : s with { State = KnownResourceStates.Stopping }).ConfigureAwait(false);
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
                instance.Started.TrySetResult(null);
                break;

            case ExecutableState.Stopping:
                await notifications.PublishUpdateAsync(Resource, s => s with { State = KnownResourceStates.Stopping }).ConfigureAwait(false);
                break;

            case ExecutableState.Finished or ExecutableState.Terminated:
                await PublishEndAsync(
                    // DCP says either of a process that ends when it is told to, depending on what it notices first.
                    status.State == ExecutableState.Finished && !instance.IsStopping ? KnownResourceStates.Finished : KnownResourceStates.Exited,
                    status.ExitCode,
                    status.FinishTimestamp?.ToUniversalTime() ?? DateTime.UtcNow,
                    instance.End).ConfigureAwait(false);
                break;

            case ExecutableState.FailedToStart:
                var problem = LaunchProblem.Describe(instance.Process);
                StartFailed(_log, Resource.Name, problem);
                await PublishEndAsync(KnownResourceStates.FailedToStart, exitCode: null, DateTime.UtcNow, () => instance.End(problem)).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Takes note that the orchestrator is gone, which ends what it ran; returns once that has ended.</summary>
    internal async Task OnOrchestratorLostAsync()
    {
        if (_instance is { Ended.Task.IsCompleted: false } instance)
        {
            if (notifications.TryGetCurrentState(Resource.GetId(), out var state)
                && state.Snapshot.Properties.FirstOrDefault(p => p.Name == KnownProperties.ExecutablePid) is { Value: string pid })
            {
                await OrphanedProcess.EndAsync(int.Parse(pid, CultureInfo.InvariantCulture)).ConfigureAwait(false);
            }

            await PublishEndAsync(KnownResourceStates.Exited, exitCode: null, DateTime.UtcNow, instance.End).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a DCP object is, or was, the resource's.</summary>
    internal bool Owns(string executableName) => executableName.StartsWith(Resource.GetId(), StringComparison.Ordinal);

    private async Task<ResourceInstance> StartCoreAsync(CancellationTokenSource starting)
    {
        var cancellationToken = starting.Token;
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
            cancellationToken.ThrowIfCancellationRequested();
            return await CreateInstanceAsync(plan.Process, starting).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever failed: when the application stops, what this one waits for may end before the wait is given up.
            // The same states as those of a process that is stopped, so that nobody takes it for one that ended by itself.
            await notifications.PublishUpdateAsync(Resource, s => s with { State = KnownResourceStates.Stopping }).ConfigureAwait(false);
            await PublishEndAsync(KnownResourceStates.Exited, exitCode: null, DateTime.UtcNow, () => StartIsOver(starting)).ConfigureAwait(false);
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e)
        {
            StartFailed(_log, Resource.Name, e.Message);
            await PublishEndAsync(KnownResourceStates.FailedToStart, exitCode: null, DateTime.UtcNow, () => StartIsOver(starting)).ConfigureAwait(false);
            throw e is DistributedApplicationException ? e : new DistributedApplicationException($"'{Resource.Name}' could not be started: {e.Message}", e);
        }
    }

    private async Task<ResourceInstance> CreateInstanceAsync(ProcessLaunch process, CancellationTokenSource starting)
    {
        var previous = _instance;
        var instance = new ResourceInstance($"{Resource.GetId()}-{++_starts}", process, () => StartIsOver(starting));
        _instance = instance;
        try
        {
            // Not cancelled half-way: afterwards it is either there, to be stopped, or not.
            await dcp.Client.CreateAsync(ResourceLauncher.CreateExecutable(Resource, instance.Name, process), CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            instance.Ended.TrySetResult();
            _ = DeleteAsync(instance);
            throw;
        }

        instance.Logs = Task.WhenAll(FollowLogAsync(instance.Name, standardError: false), FollowLogAsync(instance.Name, standardError: true));
        if (previous is not null)
        {
            _ = DeleteAsync(previous);
        }

        return instance;
    }

    /// <summary>Deletes the object of an earlier start, once its last words are read: they go with it.</summary>
    private async Task DeleteAsync(ResourceInstance instance)
    {
        try
        {
            await Task.WhenAny(instance.Logs, Task.Delay(s_lastWords, stopping)).ConfigureAwait(false);
            await dcp.Client.DeleteExecutableAsync(instance.Name, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException or TimeoutException or OperationCanceledException or DistributedApplicationException)
        {
            // It goes with the orchestrator.
        }
    }

    private void StartIsOver(CancellationTokenSource starting) => Interlocked.CompareExchange(ref _starting, null, starting);

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

    /// <param name="state">The last state.</param>
    /// <param name="exitCode">The exit code, if there was a process.</param>
    /// <param name="at">When it ended.</param>
    /// <param name="end">Makes the next start possible: at the same moment, for whoever sees the state may start it at once.</param>
    private async Task PublishEndAsync(string state, int? exitCode, DateTime at, Action? end = null)
    {
        await notifications.PublishUpdateAsync(Resource, s =>
        {
            end?.Invoke();
            return s with
            {
                State = new(state, state == KnownResourceStates.FailedToStart || exitCode is not (null or 0) ? KnownResourceStateStyles.Error : null),
                ExitCode = exitCode,
                StopTimeStamp = at,
                Properties = Set(s.Properties, KnownProperties.ExecutablePid, null),
            };
        }).ConfigureAwait(false);
        if (notifications.TryGetCurrentState(Resource.GetId(), out var last))
        {
            await eventing.PublishAsync(new ResourceStoppedEvent(Resource, services, last), EventDispatchBehavior.NonBlockingConcurrent).ConfigureAwait(false);
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
}
