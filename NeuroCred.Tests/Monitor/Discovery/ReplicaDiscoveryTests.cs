using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Discovery;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Tests.Monitor.Discovery;

public sealed class ReplicaDiscoveryTests : IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly WatchedReplicas _replicas;
    private readonly TrafficRecorder _traffic;
    private readonly EventTimeline _timeline;
    private readonly Probes _probes;
    private readonly ReplicaDiscovery _discovery;

    public ReplicaDiscoveryTests()
    {
        var options = TestOptions.Create(
            policy: new()
            {
                Scaling = new() { MinReplicas = 1, MaxReplicas = 2 },
            }
        ) with
        {
            Replicas = [],
            Discovery = new(new("http://api:4000"), new("http://api:9091")),
        };
        _replicas = new(options);
        _traffic = new(options, _time);
        _timeline = new(_time);
        _probes = new(_replicas);
        _discovery = new(options, _replicas, _probes, _traffic, _timeline, _time, NullLogger<ReplicaDiscovery>.Instance);
    }

    public void Dispose() => _discovery.Dispose();

    [Fact]
    public void Each_address_of_the_name_is_a_replica()
    {
        Update("10.0.0.7", "10.0.0.9");

        Assert.Equal(
            [
                new("replica-1", new("http://10.0.0.7:4000"), new("http://10.0.0.7:9091"), IsDiscovered: true),
                new("replica-2", new("http://10.0.0.9:4000"), new("http://10.0.0.9:9091"), IsDiscovered: true),
            ],
            _replicas.All
        );
    }

    [Fact]
    public async Task What_nginx_logs_belongs_to_the_replica_at_that_address()
    {
        Update("10.0.0.7", "10.0.0.9");
        var addresses = new UpstreamAddresses(_replicas, TestOptions.Create());
        Assert.True(addresses.IsOutdated);

        await addresses.ResolveAsync(Cancellation);

        Assert.False(addresses.IsOutdated);
        Assert.Equal(1, addresses.Find("10.0.0.9:4000"));
        Assert.Equal(UpstreamAddresses.Other, addresses.Find("10.0.0.8:4000"));
    }

    [Fact]
    public void A_replica_that_was_killed_is_shown_for_half_a_minute_and_then_leaves()
    {
        Update("10.0.0.7", "10.0.0.9");
        _probes.Say("replica-1", ReplicaState.Hung);

        for (var waited = TimeSpan.Zero; waited < ReplicaDiscovery.Absence; waited += s_second)
        {
            Update("10.0.0.9");
            Assert.Equal("replica-1, replica-2", Shown);
            _time.Advance(s_second);
        }

        Assert.Empty(_timeline.Read());
        Update("10.0.0.9");
        Assert.Equal("replica-2", Shown);
        Assert.Equal((TimelineKind.Gone, "replica-1"), Assert.Single(_timeline.Read()) is var gone ? (gone.Kind, gone.Subject) : default);
    }

    [Fact]
    public void A_replica_that_drained_leaves_as_soon_as_it_ended()
    {
        Update("10.0.0.7", "10.0.0.9");
        _probes.Say("replica-1", ReplicaState.Draining);
        Update("10.0.0.9");
        Assert.Equal("replica-1, replica-2", Shown);

        _probes.Say("replica-1", ReplicaState.Down);
        Update("10.0.0.9");
        Assert.Equal("replica-2", Shown);
    }

    [Fact]
    public void A_replica_that_answers_stays_although_its_name_has_lost_its_address()
    {
        Update("10.0.0.7");
        _probes.Say("replica-1", ReplicaState.NotReady);
        _time.Advance(10 * ReplicaDiscovery.Absence);

        Update();

        Assert.Equal("replica-1", Shown);
    }

    [Fact]
    public void A_replica_that_is_down_stays_while_its_name_has_its_address()
    {
        Update("10.0.0.7");
        _probes.Say("replica-1", ReplicaState.Down);
        _time.Advance(10 * ReplicaDiscovery.Absence);

        Update("10.0.0.7");

        Assert.Equal("replica-1", Shown);
    }

    [Fact]
    public void When_none_answers_all_stay()
    {
        Update("10.0.0.7", "10.0.0.9");
        _probes.Say("replica-1", ReplicaState.Down);
        _probes.Say("replica-2", ReplicaState.Hung);
        _time.Advance(10 * ReplicaDiscovery.Absence);

        Update();
        Assert.Equal("replica-1, replica-2", Shown);

        Update("10.0.0.8");
        Update("10.0.0.8");
        Assert.Equal("replica-3", Shown);
    }

    [Fact]
    public void A_number_that_is_free_again_begins_without_the_counts_of_the_one_before()
    {
        Update("10.0.0.7", "10.0.0.9");
        _traffic.Record(new("GET", 200, 3, [new(0, AttemptOutcome.Ok, 0, 1, 3)]));
        _time.Advance(s_second);
        Assert.Equal(1, _traffic.Read(s_second).Replicas[0].Answers);
        Leave("replica-1");

        Update("10.0.0.9", "10.0.0.8");

        Assert.Equal("replica-1, replica-2", Shown);
        Assert.Equal(0, _traffic.Read(2 * ReplicaDiscovery.Absence).Replicas[0].Answers);
        Assert.All(_traffic.ReadHistory(0, _traffic.CompleteSeconds), point => Assert.Equal(0, point.Attempts));
        Assert.Equal(1, _traffic.Read(2 * ReplicaDiscovery.Absence).Gateway.Requests);
    }

    [Fact]
    public void However_many_come_and_go_there_are_no_more_names_than_an_update_of_all_replicas_needs()
    {
        HashSet<string> names = [];
        Update("10.1.0.1");
        for (var i = 0; i < 1000; i++)
        {
            Update("10.1.0.1", $"10.0.{i / 250}.{1 + (i % 250)}");
            names.UnionWith(_replicas.All.Select(r => r.Name));
            Leave("replica-2");
        }

        Assert.Equal(["replica-1", "replica-2"], names);

        Update("10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5");
        Assert.Equal("replica-1, replica-2, replica-3, replica-4", Shown);
    }

    [Fact]
    public async Task Each_replica_is_followed_for_as_long_as_it_is_watched()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var followed = 0;
        var following = _replicas.FollowAsync(
            async (_, left) =>
            {
                Interlocked.Increment(ref followed);
                try
                {
                    await Task.Delay(Timeout.Infinite, left);
                }
                finally
                {
                    Interlocked.Decrement(ref followed);
                }
            },
            stop.Token
        );

        Update("10.0.0.7", "10.0.0.9");
        await WaitUntilFollowedAsync(2);
        Leave("replica-1");
        await WaitUntilFollowedAsync(1);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        Assert.Equal(0, followed);

        Task WaitUntilFollowedAsync(int count) =>
            Until.HoldsAsync(
                () => Volatile.Read(ref followed) == count,
                TimeSpan.FromMinutes(2),
                () => $"{followed} are followed, and not {count}."
            );
    }

    private string Shown => string.Join(", ", _replicas.All.Select(replica => replica.Name));

    private void Update(params string[] addresses) => _discovery.Update([.. addresses.Select(IPAddress.Parse)]);

    private void Leave(string name)
    {
        var others = _replicas.All.Where(replica => replica.Name != name).Select(replica => replica.Url.Host).ToArray();
        _probes.Say(name, ReplicaState.Down);
        Update(others);
        _time.Advance(ReplicaDiscovery.Absence);
        Update(others);
        Assert.DoesNotContain(_replicas.All, replica => replica.Name == name);
        _probes.Say(name, ReplicaState.Serving);
    }

    // What the probes of each replica say: it serves, unless something else was said.
    private sealed class Probes(WatchedReplicas replicas) : IReplicaHealthSource
    {
        private readonly Dictionary<string, ReplicaState> _states = [];

        public void Say(string replica, ReplicaState state) => _states[replica] = state;

        public IReadOnlyList<ReplicaHealth> Read() =>
            [
                .. replicas.All.Select(replica => new ReplicaHealth
                {
                    Replica = replica.Name,
                    State = _states.GetValueOrDefault(replica.Name, ReplicaState.Serving),
                    Since = default,
                }),
            ];
    }
}
