using Microsoft.Extensions.DependencyInjection;
using NeuroCred.Monitor;
using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Probes;
using NeuroCred.Monitor.Scraping;
using NeuroCred.Monitor.Snapshots;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Tests.Monitor.Snapshots;

public sealed class SnapshotFeedTests : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly SnapshotPublisher _publisher;
    private readonly SnapshotFeed _feed;
    private readonly Health _health;

    public SnapshotFeedTests()
    {
        var services = new ServiceCollection().AddLogging().AddMetrics();
        services.AddSingleton<TimeProvider>(_time);
        services.AddMonitor(TestOptions.Create());
        services.AddSingleton<IReplicaHealthSource, Health>();
        _services = services.BuildServiceProvider();
        _publisher = _services.GetRequiredService<SnapshotPublisher>();
        _feed = _services.GetRequiredService<SnapshotFeed>();
        _health = (Health)_services.GetRequiredService<IReplicaHealthSource>();
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task A_second_is_told_with_its_rates_shares_and_requests_in_flight()
    {
        var traffic = _services.GetRequiredService<TrafficRecorder>();
        foreach (var replica in (int[])[0, 0, 0, 1])
        {
            traffic.Record(new("GET", 200, 9, [new(replica, AttemptOutcome.Ok, 0, 5, 8)]));
        }

        var metrics = _services.GetRequiredService<ReplicaMetricsStore>();
        foreach (var replica in (string[])["api-1", "api-2", "api-3"])
        {
            metrics.Add(replica, new() { ActiveRequests = 7 });
        }

        var snapshot = await NextSecondAsync();

        Assert.Equal((0.4, 0, 9), (snapshot.Gateway.Rate, snapshot.Gateway.ErrorRatio, snapshot.Gateway.Request!.P95));
        Assert.Equal([0.75, 0.25, 0], snapshot.Replicas.Select(r => r.Share));
        Assert.Equal([0.3, 0.1, 0], snapshot.Replicas.Select(r => r.Rate));
        Assert.Equal([3, 1, 0], snapshot.Replicas.Select(r => r.History[^1].Rate));
        Assert.All(snapshot.Replicas, r => Assert.Equal(7, r.InFlight));
        Assert.All(snapshot.Replicas, r => Assert.Equal(ReplicaState.Unknown, r.Health.State));
        Assert.False(snapshot.Gateway.Up);
    }

    [Fact]
    public async Task A_reader_that_is_slow_goes_on_with_the_latest_and_makes_nobody_wait()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var slow = _feed.ReadAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        var first = slow.MoveNextAsync();
        var one = await NextSecondAsync();
        Assert.True(await first);
        Assert.Same(one, slow.Current);

        await NextSecondAsync();
        var three = await NextSecondAsync();
        Assert.True(await slow.MoveNextAsync());
        Assert.Same(three, slow.Current);

        var next = slow.MoveNextAsync().AsTask();
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task A_second_that_fails_ends_nothing()
    {
        await NextSecondAsync();
        _health.Fails = true;
        _time.Advance(TimeSpan.FromSeconds(1));
        await Until.HoldsAsync(() => !_health.Fails, s_deadline, () => "Nobody looked.");

        Assert.NotNull(await NextSecondAsync());
    }

    [Fact]
    public async Task What_is_found_is_on_the_timeline()
    {
        _health.Change = h => h.Replica == "api-1" ? h with { State = ReplicaState.Down, Since = h.Since.AddMinutes(-1) } : h;
        var snapshot = await NextSecondAsync();
        for (var second = 0; second < 3; second++)
        {
            Assert.Empty(snapshot.Events);
            snapshot = await NextSecondAsync();
        }

        Assert.Equal(TimelineKind.FindingAppeared, Assert.Single(snapshot.Events).Kind);
        Assert.Single(snapshot.Diagnosis.Findings);
    }

    private async Task<SystemSnapshot> NextSecondAsync()
    {
        if (_publisher.ExecuteTask is null)
        {
            await _publisher.StartAsync(Cancellation);
        }

        var before = _feed.Latest;
        _time.Advance(TimeSpan.FromSeconds(1));
        await Until.HoldsAsync(() => _feed.Latest != before, s_deadline, () => "There is no snapshot.");
        return _feed.Latest!;
    }

    // What the probes say, unless a test says otherwise.
    private sealed class Health(ReplicaProber prober) : IReplicaHealthSource
    {
        public volatile bool Fails;

        public Func<ReplicaHealth, ReplicaHealth> Change { get; set; } = health => health;

        public IReadOnlyList<ReplicaHealth> Read()
        {
            if (Fails)
            {
                Fails = false;
                throw new InvalidOperationException("This one fails.");
            }

            return [.. prober.Read().Select(Change)];
        }
    }
}
