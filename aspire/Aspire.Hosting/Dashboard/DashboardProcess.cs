using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Dashboard;

/// <summary>One run of the dashboard's process. The orchestrator owns it, so it ends with the AppHost whatever happens to that.</summary>
internal sealed class DashboardProcess(DcpClient dcp, string name)
{
    private const string Nice = "/usr/bin/nice";

    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(2);

    private readonly DashboardLog _log = new();
    private Task _reading = Task.CompletedTask;

    internal async Task StartAsync(AspireBundle bundle, DashboardSettings settings, CancellationToken cancellationToken)
    {
        // It needs the processor for seconds, just when the resources start. What watches must not slow what it watches.
        var isNice = File.Exists(Nice);
        var executable = new Executable
        {
            Spec = new()
            {
                ExecutablePath = isNice ? Nice : bundle.Managed,
                WorkingDirectory = Path.GetDirectoryName(bundle.Managed),
                Args = isNice ? ["-n", "10", bundle.Managed, "dashboard"] : ["dashboard"],
                Env = [.. DashboardEnvironment.Create(settings).Select(v => new DcpVariable { Name = v.Key, Value = v.Value })],
                AmbientEnvironment = new() { Behavior = AmbientEnvironment.Inherit },
            },
        };
        executable.Metadata.Name = name;
        await dcp.CreateAsync(executable, cancellationToken).ConfigureAwait(false);
        _reading = Task.WhenAll(ReadLogAsync(standardError: false, cancellationToken), ReadLogAsync(standardError: true, cancellationToken));
    }

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>How, and what it complained of last.</returns>
    internal async Task<string> WaitForEndAsync(CancellationToken cancellationToken)
    {
        await foreach (var executable in dcp.WatchExecutablesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (executable.Metadata.Name == name
                && executable.Status is { State: ExecutableState.Finished or ExecutableState.Terminated or ExecutableState.FailedToStart } end)
            {
                await Task.WhenAny(_reading, Task.Delay(s_lastWords, cancellationToken)).ConfigureAwait(false);
                return $"{(end.State == ExecutableState.FailedToStart ? "could not be started" : $"ended with exit code {end.ExitCode}")}. {_log}";
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Has the process end. Does not wait for it, and does not mind when it, or the orchestrator, is gone.</summary>
    internal async Task StopAsync()
    {
        using var timeout = new CancellationTokenSource(s_stopTimeout);
        await dcp.StopExecutableAsync(name, timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadLogAsync(bool standardError, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in dcp.FollowLogAsync(name, standardError, cancellationToken).ConfigureAwait(false))
            {
                _log.Append(line, standardError);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // There is nothing more to read.
        }
    }
}
