using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuroCred.Settings;

namespace NeuroCred.ServiceDefaults.Lifetime;

/// <summary>
/// Lets an instance leave unnoticed: told to stop, it is not ready at once, goes on serving for the grace what the balancer still sends,
/// then the server finishes the requests it has. Everything, telemetry's last export included, fits <see cref="DrainTimes.Timeout"/>.
/// </summary>
internal sealed partial class DrainOnStop(DrainState state, DrainTimes times, TimeProvider time, ILogger<DrainOnStop> logger)
    : IHostedLifecycleService,
        IDisposable
{
    private PosixSignalRegistration? _terminated;

    /// <summary>The grace, and then most of the time for requests in flight; the rest is for the last export.</summary>
    public static TimeSpan ShutdownTimeout(DrainTimes times) => times.Grace + ((times.Timeout - times.Grace) * 0.625);

    /// <summary>When the process ends itself, measured from the signal.</summary>
    public static TimeSpan HardStop(DrainTimes times) => times.Grace + ((times.Timeout - times.Grace) * 0.95);

    // The server listens until the hosted services' StopAsync, which runs after every StoppingAsync has returned.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.Stop();
        LogDraining(logger, times.Grace.TotalMilliseconds);
        await Task.Delay(times.Grace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            LogCutOff(logger, ShutdownTimeout(times).TotalSeconds);
        }
        else
        {
            LogDrained(logger);
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // On the signal, not on every stop: a host that is stopped inside a process that lives on must not end that one.
        _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => EndAtTheLatest());
        return Task.CompletedTask;
    }

    public void Dispose() => _terminated?.Dispose();

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Disposing the host waits for exporters whose collector may be gone, each with a timeout of its own. A background thread,
    // because nothing else is sure to run by then; it keeps no process alive.
    private void EndAtTheLatest()
    {
        var thread = new Thread(() =>
        {
            Thread.Sleep(HardStop(times));
            Environment.Exit(0);
        })
        {
            IsBackground = true,
            Name = "hard stop",
        };
        thread.Start();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: not ready from now on, still serving for {Milliseconds} ms")]
    private static partial void LogDraining(ILogger logger, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Drained: every request has its answer")]
    private static partial void LogDrained(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Not drained within {Seconds:0.0} s: requests still under way were cut off. Draining:Timeout gives them more"
    )]
    private static partial void LogCutOff(ILogger logger, double seconds);
}
