using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NeuroCred.Processes;

namespace NeuroCred.Testing.Faults;

/// <summary>
/// Kills, hangs, stops and starts the resources of any Aspire application that runs in a test. Linux; containers by the engine's commands.
/// </summary>
public static class ResourceFaults
{
    private static readonly TimeSpan s_startIsTold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_endIsNoticed = TimeSpan.FromSeconds(10);

    private static readonly string s_engine =
        new[] { "ASPIRE_CONTAINER_RUNTIME", "DOTNET_ASPIRE_CONTAINER_RUNTIME" }
            .Select(Environment.GetEnvironmentVariable)
            .FirstOrDefault(value => !string.IsNullOrEmpty(value))
        ?? "docker";

    /// <summary>The process or the container that a resource runs in, or null when it does not run.</summary>
    public static RunningInstance? FindInstance(this DistributedApplication application, string name) =>
        application.ResourceNotifications.TryGetCurrentState(name, out var state) ? FindInstance(state.Snapshot) : null;

    /// <summary>The same, for a resource that must run.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public static RunningInstance GetInstance(this DistributedApplication application, string name) =>
        application.FindInstance(name) ?? throw new InvalidOperationException($"'{name}' does not run: wait until it does.");

    /// <summary>What a resource of this state runs in, or null when it does not run.</summary>
    public static RunningInstance? FindInstance(CustomResourceSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);

        // What has ended may have left its id to somebody else's process, before its end is noticed.
        return
            snapshot.StartTimeStamp is { } started
            && ResourceProcess.Find(snapshot) is { } process
            && (process.StartTime.ToUniversalTime() - started.ToUniversalTime()).Duration() > s_startIsTold
            ? null
            : RunningInstance.Find(snapshot, s_engine);
    }

    /// <summary>The id of the process that a resource runs in, or null when it does not run, or in a container.</summary>
    public static int? FindPid(this DistributedApplication application, string name) =>
        application.FindInstance(name) is not null && application.ResourceNotifications.TryGetCurrentState(name, out var state)
            ? ResourceProcess.GetId(state.Snapshot)
            : null;

    /// <summary>Kills what a resource runs in, and all that descends from it (SIGKILL).</summary>
    /// <returns>What was killed: <see cref="WaitUntilBackAsync"/> tells it from what follows.</returns>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public static Task<RunningInstance> KillAsync(this DistributedApplication application, string name) =>
        StrikeAsync(application, name, instance => instance.KillAsync());

    /// <summary>Has a resource hang (SIGSTOP): connections to it can be made, and nothing is answered.</summary>
    /// <returns>What hangs. Its <see cref="RunningInstance.ContinueAsync"/> continues this very process, also after the resource was
    /// started again.</returns>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public static Task<RunningInstance> HangAsync(this DistributedApplication application, string name) =>
        StrikeAsync(application, name, instance => instance.SuspendAsync());

    /// <summary>Has a resource that hangs go on (SIGCONT).</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public static Task<RunningInstance> ResumeAsync(this DistributedApplication application, string name) =>
        StrikeAsync(application, name, instance => instance.ContinueAsync());

    /// <summary>Drains a resource: asks it to end (SIGTERM), so that it completes what is under way, and waits for its end.</summary>
    /// <exception cref="InvalidOperationException">The orchestrator refused.</exception>
    public static async Task DrainAsync(this DistributedApplication application, string name, CancellationToken cancellationToken = default)
    {
        await application.ExecuteAsync(name, KnownResourceCommands.StopCommand, cancellationToken);
        await application.WaitForEndAsync(name, cancellationToken);
    }

    /// <summary>Starts a resource that has ended. One that runs is left alone.</summary>
    /// <exception cref="InvalidOperationException">It could not be started.</exception>
    public static async Task StartAsync(this DistributedApplication application, string name, CancellationToken cancellationToken = default)
    {
        if (IsEnded(application, name))
        {
            var commands = application.ResourceCommands;
            var result = await commands.ExecuteCommandAsync(name, KnownResourceCommands.StartCommand, cancellationToken);

            // A supervisor may have been quicker.
            if (!result.Success && IsEnded(application, name))
            {
                throw new InvalidOperationException($"'{name}' could not be started: {result.Message}");
            }
        }
    }

    /// <summary>Starts a killed resource again, as a platform would, unless a supervisor was quicker.</summary>
    /// <param name="application">The application.</param>
    /// <param name="name">The resource.</param>
    /// <param name="after">How long the platform takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">It could not be started.</exception>
    public static async Task StartAgainAsync(
        this DistributedApplication application,
        string name,
        TimeSpan after,
        CancellationToken cancellationToken = default
    )
    {
        await Task.Delay(after, cancellationToken);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s_endIsNoticed);
        try
        {
            await application.WaitForEndAsync(name, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A supervisor was quicker.
        }

        await application.StartAsync(name, cancellationToken);
    }

    /// <summary>Does what a button on the dashboard does, such as <see cref="KnownResourceCommands.RestartCommand"/>.</summary>
    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public static async Task ExecuteAsync(
        this DistributedApplication application,
        string name,
        string command,
        CancellationToken cancellationToken = default
    )
    {
        var result = await application.ResourceCommands.ExecuteCommandAsync(name, command, cancellationToken);
        if (!result.Success)
        {
            throw new InvalidOperationException($"{command} of '{name}': {result.Message}");
        }
    }

    /// <summary>Waits until a resource has ended.</summary>
    public static Task WaitForEndAsync(
        this DistributedApplication application,
        string name,
        CancellationToken cancellationToken = default
    ) => application.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates, cancellationToken);

    /// <summary>Waits until a resource runs in another process or container than before, and is healthy.</summary>
    public static Task WaitUntilBackAsync(
        this DistributedApplication application,
        string name,
        RunningInstance previous,
        CancellationToken cancellationToken = default
    ) =>
        application.ResourceNotifications.WaitForResourceAsync(
            name,
            e => e.Snapshot.HealthStatus == HealthStatus.Healthy && FindInstance(e.Snapshot) is { } instance && instance != previous,
            cancellationToken
        );

    private static async Task<RunningInstance> StrikeAsync(
        DistributedApplication application,
        string name,
        Func<RunningInstance, Task<bool>> strikeAsync
    )
    {
        var instance = application.GetInstance(name);
        return await strikeAsync(instance)
            ? instance
            : throw new InvalidOperationException($"'{name}' has just ended ({instance.Kind} {instance.Id}).");
    }

    private static bool IsEnded(DistributedApplication application, string name) =>
        application.ResourceNotifications.TryGetCurrentState(name, out var state)
        && KnownResourceStates.TerminalStates.Contains(state.Snapshot.State?.Text);
}
