using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using NeuroCred.Monitor.Live;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Snapshots;

namespace NeuroCred.Tests.Monitor.Live;

/// <summary>The events that the page lives on.</summary>
public sealed class LiveTests : IAsyncLifetime
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset s_noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private MonitorHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await MonitorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_follower_gets_everything_first_and_then_only_what_is_new()
    {
        var scene = new Scene(3, s_noon).Happens("api-1", ReplicaState.Serving, null, TimelineKind.Back, "api-1 serves again", s_noon);
        _host.Feed.Publish(scene.At(s_noon));
        await using var follower = await FollowAsync();

        var (type, first) = await follower.NextAsync();
        Assert.Equal("snapshot", type);
        Assert.Equal(120, first.GetProperty("replicas")[0].GetProperty("history").GetArrayLength());
        Assert.Equal("api-1 serves again", first.GetProperty("events")[0].GetProperty("text").GetString());

        scene.Happens("api-2", ReplicaState.NotReady, "503: postgres", TimelineKind.NotReady, "api-2 is not ready", s_noon.AddSeconds(1));
        _host.Feed.Publish(scene.At(s_noon.AddSeconds(1)));
        (type, var second) = await follower.NextAsync();
        Assert.Equal("update", type);
        Assert.Equal("not_ready", second.GetProperty("replicas")[1].GetProperty("health").GetProperty("state").GetString());
        var history = Assert.Single(second.GetProperty("replicas")[0].GetProperty("history").EnumerateArray());
        Assert.Equal(120, history.GetProperty("rate").GetDouble());
        Assert.Equal("api-2 is not ready", Assert.Single(second.GetProperty("events").EnumerateArray()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_follower_misses_no_second_of_snapshots_that_it_missed_and_gets_none_twice_of_two_within_one()
    {
        var scene = new Scene(1, s_noon);
        _host.Feed.Publish(scene.At(s_noon));
        await using var follower = await FollowAsync();
        await follower.NextAsync();

        Assert.Equal([116d, 117d, 118d, 119d, 120d], await RatesAtAsync(s_noon.AddSeconds(5)));
        Assert.Empty(await RatesAtAsync(s_noon.AddSeconds(5.9)));
        Assert.Equal([120d], await RatesAtAsync(s_noon.AddSeconds(6)));

        async Task<List<double>> RatesAtAsync(DateTimeOffset time)
        {
            _host.Feed.Publish(scene.At(time));
            var (_, update) = await follower.NextAsync();
            return
            [
                .. update.GetProperty("replicas")[0].GetProperty("history").EnumerateArray().Select(p => p.GetProperty("rate").GetDouble()),
            ];
        }
    }

    [Fact]
    public async Task Silence_is_filled_with_heartbeats()
    {
        var time = new FakeTimeProvider(s_noon);
        await using var events = new LiveEvents(new SnapshotFeed(), time, () => { })
            .ReadAsync(Cancellation)
            .GetAsyncEnumerator(Cancellation);

        var next = events.MoveNextAsync().AsTask();
        time.Advance(LiveEvents.Heartbeat);

        Assert.True(await next.WaitAsync(s_deadline, Cancellation));
        Assert.Equal("heartbeat", events.Current.EventType);
    }

    [Fact]
    public async Task A_follower_is_dropped_when_it_takes_no_event_in_time_and_not_before()
    {
        var time = new FakeTimeProvider(s_noon);
        var feed = new SnapshotFeed();
        var dropped = 0;
        feed.Publish(new Scene(1, s_noon).At(s_noon));
        using var cancel = new CancellationTokenSource();
        await using var events = new LiveEvents(feed, time, () => dropped++).ReadAsync(cancel.Token).GetAsyncEnumerator(cancel.Token);
        Assert.True(await events.MoveNextAsync());

        time.Advance(LiveEvents.SendTimeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, dropped);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, dropped);

        var next = events.MoveNextAsync().AsTask();
        time.Advance(LiveEvents.SendTimeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, dropped); // nothing is being sent: it waits for a snapshot
        await cancel.CancelAsync();
        Assert.False(await next);
    }

    [Fact]
    public async Task A_follower_that_reads_nothing_loses_its_place_and_holds_nobody_up()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(_host.Address.Host, _host.Address.Port, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /events HTTP/1.1\r\nHost: {_host.Address.Authority}\r\n\r\n"));
        await using var other = await FollowAsync();
        await Until.HoldsAsync(() => _host.Followers == 2, s_deadline, () => "The two followers did not arrive.");

        // It has to be read all the while, or it would be another one that reads nothing.
        var reading = ReadUntilAsync(other, s_noon.AddHours(1));

        // More than the buffers of both sides of a connection hold.
        var scene = new Scene(1, s_noon).Happens(
            "api-1",
            ReplicaState.Down,
            new string('x', 500_000),
            TimelineKind.Gone,
            "api-1 was killed",
            s_noon
        );
        var snapshots = 0;
        await Until.HoldsAsync(
            () =>
            {
                _host.Feed.Publish(scene.At(s_noon.AddSeconds(++snapshots)));
                return _host.Followers == 1;
            },
            s_deadline,
            () => $"After {snapshots} snapshots the follower that reads nothing still has its place."
        );

        _host.Feed.Publish(new Scene(1, s_noon).At(s_noon.AddHours(1)));
        await reading.WaitAsync(s_deadline, Cancellation);
    }

    [Fact]
    public async Task No_more_follow_than_there_are_places_and_a_place_that_is_left_is_free_again()
    {
        _host.Feed.Publish(new Scene(1, s_noon).At(s_noon));
        var followers = new List<Follower>();
        for (var i = 0; i < LiveEndpoints.MostFollowers; i++)
        {
            followers.Add(await FollowAsync());
        }

        using (var refused = await _host.Client.GetAsync("/events", Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        await followers[0].DisposeAsync();
        await Until.HoldsAsync(
            () => _host.Followers == LiveEndpoints.MostFollowers - 1,
            s_deadline,
            () => $"{_host.Followers} places are taken."
        );
        followers[0] = await FollowAsync();
        Assert.Equal("snapshot", (await followers[0].NextAsync()).Type);
        foreach (var follower in followers)
        {
            await follower.DisposeAsync();
        }
    }

    [Fact]
    public async Task Followers_do_not_hold_up_the_end_of_the_monitor()
    {
        _host.Feed.Publish(new Scene(1, s_noon).At(s_noon));
        await using var follower = await FollowAsync();
        await follower.NextAsync();

        await _host.StopAsync().WaitAsync(s_deadline, Cancellation);
    }

    [Fact]
    public async Task The_latest_snapshot_is_there_as_JSON_once_there_is_one()
    {
        using (var early = await _host.Client.GetAsync("/snapshot", Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
            Assert.NotNull(early.Headers.RetryAfter);
        }

        _host.Feed.Publish(new Scene(3, s_noon).At(s_noon));
        using var answer = await _host.Client.GetAsync("/snapshot", Cancellation);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var snapshot = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(120, snapshot.GetProperty("replicas")[2].GetProperty("history").GetArrayLength());
        Assert.Equal("Nothing wrong.", snapshot.GetProperty("diagnosis").GetProperty("summary").GetString());
    }

    private async Task<Follower> FollowAsync()
    {
        var answer = await _host.Client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new(answer, await answer.Content.ReadAsStreamAsync(Cancellation));
    }

    private static async Task ReadUntilAsync(Follower follower, DateTimeOffset time)
    {
        while ((await follower.NextAsync()).Data.GetProperty("time").GetDateTimeOffset() != time) { }
    }

    private sealed class Follower(HttpResponseMessage answer, Stream stream) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> _events = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();

        public async Task<(string Type, JsonElement Data)> NextAsync()
        {
            do
            {
                Assert.True(await _events.MoveNextAsync().AsTask().WaitAsync(s_deadline, Cancellation), "The events ended.");
            } while (_events.Current.EventType == "heartbeat");
            return (_events.Current.EventType, JsonElement.Parse(_events.Current.Data));
        }

        public ValueTask DisposeAsync()
        {
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
