using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>Does to the parts of the system what happens to them in life.</summary>
internal sealed class ResourceControl(DistributedApplication application)
{
    /// <summary>How long after its end a part that nobody supervises is started again, as a platform would.</summary>
    public static readonly TimeSpan PlatformRestart = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_startIsTold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_endIsNoticed = TimeSpan.FromSeconds(10);

    /// <summary>The id of a resource's process.</summary>
    /// <exception cref="InvalidOperationException">It has none now.</exception>
    public int GetPid(string name)
        => application.ResourceNotifications.TryGetCurrentState(name, out var state)
            && state.Snapshot.State?.Text == KnownResourceStates.Running
            && state.Snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value is { } value
            && Convert.ToInt32(value, CultureInfo.InvariantCulture) is var pid
            && IsStillOf(state.Snapshot, pid)
            ? pid
            : throw new InvalidOperationException($"'{name}' has no process.");

    /// <summary>Kills a resource's process, and all it started, with SIGKILL.</summary>
    public void Kill(string name) => ProcessTree.Signal(GetPid(name), ProcessTree.SigKill);

    /// <summary>Stops a resource with SIGTERM, as its button on the dashboard does, and waits for its end.</summary>
    public async Task StopAsync(string name, CancellationToken cancellationToken)
    {
        await ExecuteAsync(name, KnownResourceCommands.StopCommand, cancellationToken);
        await WaitForEndAsync(name, cancellationToken);
    }

    /// <summary>Waits until a resource has ended.</summary>
    public Task WaitForEndAsync(string name, CancellationToken cancellationToken)
        => application.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates, cancellationToken);

    /// <summary>Stops a resource with SIGTERM and starts it again.</summary>
    public Task RestartAsync(string name, CancellationToken cancellationToken)
        => ExecuteAsync(name, KnownResourceCommands.RestartCommand, cancellationToken);

    /// <summary>Starts a resource if it is not running, and was not just started by someone else.</summary>
    public async Task StartIfEndedAsync(string name, CancellationToken cancellationToken)
    {
        if (IsEnded(name))
        {
            var result = await application.ResourceCommands.ExecuteCommandAsync(name, KnownResourceCommands.StartCommand, cancellationToken);
            if (!result.Success && IsEnded(name))
            {
                throw new InvalidOperationException($"'{name}' could not be started: {result.Message}");
            }
        }
    }

    /// <summary>Starts a killed resource again after the time a platform takes.</summary>
    public async Task StartAgainAsync(string name, TimeSpan after, CancellationToken cancellationToken)
    {
        await Task.Delay(after, cancellationToken);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s_endIsNoticed);
        try
        {
            await application.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A supervisor was quicker.
        }

        await StartIfEndedAsync(name, cancellationToken);
    }

    /// <summary>Does what a button on the dashboard does.</summary>
    public async Task ExecuteAsync(string name, string command, CancellationToken cancellationToken)
    {
        var result = await application.ResourceCommands.ExecuteCommandAsync(name, command, cancellationToken);
        if (!result.Success)
        {
            throw new InvalidOperationException($"{command} of '{name}': {result.Message}");
        }
    }

    // One that is about to start has 0 for an id, which to kill(2) means the caller and its siblings. And what has ended may have left its id
    // to somebody else's process, before its end is noticed.
    private static bool IsStillOf(CustomResourceSnapshot snapshot, int pid)
    {
        try
        {
            if (pid <= 0)
            {
                return false;
            }

            using var process = Process.GetProcessById(pid);
            return snapshot.StartTimeStamp is not { } started
                || (process.StartTime.ToUniversalTime() - started.ToUniversalTime()).Duration() < s_startIsTold;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    private bool IsEnded(string name)
        => application.ResourceNotifications.TryGetCurrentState(name, out var state) && KnownResourceStates.TerminalStates.Contains(state.Snapshot.State?.Text);
}
