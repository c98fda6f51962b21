using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NeuroCred.ServiceDefaults;
using NeuroCred.ServiceDefaults.Health;
using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.ServiceDefaults.Telemetry;

namespace NeuroCred.Tests.ServiceDefaults;

public sealed class ReadinessProbeTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddMetrics()
        .AddSingleton<DrainState>()
        .AddSingleton<ServiceMetrics>()
        .BuildServiceProvider();
    private readonly List<HealthCheckRegistration> _checks = [];

    private ReadinessProbe Probe()
    {
        var options = new HealthCheckServiceOptions();
        _checks.ForEach(options.Registrations.Add);
        return new(
            Options.Create(options),
            _services.GetRequiredService<IServiceScopeFactory>(),
            _services.GetRequiredService<ServiceMetrics>(),
            _time
        );
    }

    private Check Add(string name, HealthStatus failure = HealthStatus.Unhealthy)
    {
        var check = new Check();
        _checks.Add(new(name, check, failure, null) { Timeout = TimeSpan.FromMilliseconds(500) });
        return check;
    }

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(HealthStatus.Healthy, HealthStatus.Healthy, "ready")]
    [InlineData(HealthStatus.Healthy, HealthStatus.Degraded, "degraded")]
    [InlineData(HealthStatus.Unhealthy, HealthStatus.Degraded, "not_ready")]
    public async Task The_worst_dependency_decides(HealthStatus database, HealthStatus redis, string expected)
    {
        Add("database").Finish(database);
        Add("redis").Finish(redis);

        var report = await Probe().CheckAsync().WaitAsync(s_patience, Cancellation);

        Assert.Equal(expected, ReadinessAnswer.From(report, new("s", "1", "i"), draining: false).Status);
    }

    [Fact]
    public async Task Without_dependencies_a_service_is_ready() => Assert.Equal(HealthStatus.Healthy, (await Probe().CheckAsync()).Status);

    [Fact]
    public void A_draining_instance_is_not_ready_whatever_its_dependencies_say()
    {
        var answer = ReadinessAnswer.From(new([]), new ServiceIdentity("s", "1", "i"), draining: true);

        Assert.Equal(("not_ready", "draining"), (answer.Status, answer.Reason));
    }

    [Fact]
    public async Task Probes_that_arrive_together_share_one_run()
    {
        var check = Add("database");
        var probe = Probe();

        var probes = Enumerable.Range(0, 50).Select(_ => probe.CheckAsync()).ToArray();
        await check.Started.WaitAsync(s_patience, Cancellation);
        check.Finish(HealthStatus.Healthy);
        await Task.WhenAll(probes).WaitAsync(s_patience, Cancellation);

        Assert.Equal(1, check.Runs);
    }

    [Fact]
    public async Task A_result_is_kept_for_a_second_and_then_renewed()
    {
        var check = Add("database");
        check.Finish(HealthStatus.Healthy);
        var probe = Probe();

        await probe.CheckAsync();
        _time.Advance(ReadinessProbe.Freshness - TimeSpan.FromMilliseconds(1));
        await probe.CheckAsync();
        Assert.Equal(1, check.Runs);

        check.Finish(HealthStatus.Unhealthy);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HealthStatus.Unhealthy, (await probe.CheckAsync()).Status);
        Assert.Equal(2, check.Runs);
    }

    [Fact]
    public async Task What_is_not_ready_is_asked_again_after_a_tenth_of_a_second()
    {
        var check = Add("database");
        check.Finish(HealthStatus.Unhealthy);
        var probe = Probe();
        await probe.CheckAsync();
        check.Finish(HealthStatus.Healthy);

        _time.Advance(ReadinessProbe.FreshnessWhenNotReady - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HealthStatus.Unhealthy, (await probe.CheckAsync()).Status);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HealthStatus.Healthy, (await probe.CheckAsync()).Status);
    }

    [Fact]
    public async Task A_check_that_hangs_costs_its_timeout_and_is_not_started_beside_itself()
    {
        var hanging = Add("redis", HealthStatus.Degraded);
        Add("database").Finish(HealthStatus.Healthy);
        var probe = Probe();

        for (var round = 0; round < 3; round++)
        {
            var checking = probe.CheckAsync();
            await hanging.Started.WaitAsync(s_patience, Cancellation);
            while (!checking.IsCompleted)
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                await Task.Yield();
            }

            var redis = (await checking).Dependencies.Single(dependency => dependency.Name == "redis");
            Assert.Equal(HealthStatus.Degraded, redis.Status);
            Assert.Equal("no answer within 500 ms", redis.Detail);
            _time.Advance(ReadinessProbe.Freshness);
        }

        Assert.Equal(1, hanging.Runs);
    }

    [Fact]
    public async Task A_check_that_throws_fails_with_its_registered_status()
    {
        Add("redis", HealthStatus.Degraded).Throw(new InvalidOperationException("secret"));

        var report = await Probe().CheckAsync().WaitAsync(s_patience, Cancellation);

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.DoesNotContain("secret", report.Dependencies[0].Detail!, StringComparison.Ordinal);
    }

    // Ignores its cancellation, as a driver may that is stuck in a system call.
    private sealed class Check : IHealthCheck
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource<HealthCheckResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _runs;

        public Task Started => _started.Task;
        public int Runs => Volatile.Read(ref _runs);

        public void Finish(HealthStatus status)
        {
            if (!_result.TrySetResult(new(status)))
            {
                _result = new();
                _result.SetResult(new(status));
            }
        }

        public void Throw(Exception exception) => _result.SetException(exception);

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _runs);
            _started.TrySetResult();
            return _result.Task;
        }
    }
}
