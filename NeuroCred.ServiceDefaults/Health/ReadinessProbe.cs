using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NeuroCred.ServiceDefaults.Telemetry;

namespace NeuroCred.ServiceDefaults.Health;

/// <summary>
/// Runs every registered health check in parallel, each against its own timeout, and keeps the outcome for <see cref="Freshness"/>, or
/// for <see cref="FreshnessWhenNotReady"/>: an instance that can serve again gets its requests back at once.
/// However many probes arrive, one run is under way at a time, and a check that hangs is not started a second time beside itself.
/// </summary>
/// <remarks>Not <see cref="HealthCheckService"/>: that one waits for a check that ignores its cancellation.</remarks>
internal sealed class ReadinessProbe(
    IOptions<HealthCheckServiceOptions> options,
    IServiceScopeFactory scopes,
    ServiceMetrics metrics,
    TimeProvider time
)
{
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan FreshnessWhenNotReady = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<HealthCheckResult>> _running = [];
    private Task<ReadinessReport>? _current;
    private long _completedAt;

    public Task<ReadinessReport> CheckAsync()
    {
        lock (_lock)
        {
            var fresh =
                _current is { } current && (!current.IsCompleted || time.GetElapsedTime(Volatile.Read(ref _completedAt)) < Keep(current));
            return fresh ? _current! : _current = RunAllAsync();
        }
    }

    private static TimeSpan Keep(Task<ReadinessReport> completed) =>
        completed is { IsCompletedSuccessfully: true, Result.Status: not HealthStatus.Unhealthy } ? Freshness : FreshnessWhenNotReady;

    private async Task<ReadinessReport> RunAllAsync()
    {
        await Task.Yield(); // out of the caller's lock
        var dependencies = await Task.WhenAll(options.Value.Registrations.Select(RunAsync));
        Volatile.Write(ref _completedAt, time.GetTimestamp());
        return new(dependencies);
    }

    private async Task<DependencyReport> RunAsync(HealthCheckRegistration registration)
    {
        var timeout = registration.Timeout > TimeSpan.Zero ? registration.Timeout : DefaultTimeout;
        var started = time.GetTimestamp();
        HealthCheckResult result;
        try
        {
            result = await StartOrJoin(registration, timeout).WaitAsync(timeout, time);
        }
        catch (TimeoutException)
        {
            result = new(registration.FailureStatus, $"no answer within {timeout.TotalMilliseconds:0} ms");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            result = new(registration.FailureStatus, $"check failed: {e.GetType().Name}");
        }

        metrics.CountHealthCheck(registration.Name, result.Status);
        return new(registration.Name, result.Status, time.GetElapsedTime(started), result.Description);
    }

    private Task<HealthCheckResult> StartOrJoin(HealthCheckRegistration registration, TimeSpan timeout)
    {
        lock (_running)
        {
            if (!_running.TryGetValue(registration.Name, out var running) || running.IsCompleted)
            {
                _running[registration.Name] = running = Task.Run(() => ExecuteAsync(registration, timeout));
            }

            return running;
        }
    }

    private async Task<HealthCheckResult> ExecuteAsync(HealthCheckRegistration registration, TimeSpan timeout)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope;
        using var cancellation = new CancellationTokenSource(timeout, time);
        var check = registration.Factory(scope.ServiceProvider);
        return await check.CheckHealthAsync(new() { Registration = registration }, cancellation.Token);
    }
}
