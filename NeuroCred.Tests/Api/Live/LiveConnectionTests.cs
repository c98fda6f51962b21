using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using NeuroCred.Api.Live;

namespace NeuroCred.Tests.Api.Live;

public class LiveConnectionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly FakeScoreSource _source = new(LiveHost.Wallet);

    [Fact]
    public async Task A_client_gets_the_current_score_at_once_and_every_later_one_in_order()
    {
        _source.Append(3);
        await using var host = await LiveHost.StartAsync(_source);
        using var client = await LiveClient.ConnectAsync(host.Live);
        Assert.Equal(3, await client.ReadSequenceAsync());

        _source.Append(120); // more than a page
        host.Hub.Announce(LiveHost.Wallet, 123);

        for (var expected = 4; expected <= 123; expected++)
        {
            Assert.Equal(expected, await client.ReadSequenceAsync());
        }
    }

    [Fact]
    public async Task A_wallet_without_a_score_is_waited_for()
    {
        await using var host = await LiveHost.StartAsync(_source);
        using var client = await LiveClient.ConnectAsync(host.Live);

        _source.Append();

        Assert.Equal(1, await client.ReadSequenceAsync()); // found by the catch-up: nobody announced it
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_what_it_missed_and_nothing_twice()
    {
        _source.Append(5);
        await using var host = await LiveHost.StartAsync(_source);
        using var client = await LiveClient.ConnectAsync(host.Live, after: 3);

        Assert.Equal(4, await client.ReadSequenceAsync());
        Assert.Equal(5, await client.ReadSequenceAsync());
        _source.Append();
        host.Hub.Announce(LiveHost.Wallet, 6);
        Assert.Equal(6, await client.ReadSequenceAsync());
    }

    [Fact]
    public async Task Silence_is_filled_with_heartbeats_also_while_the_database_is_away()
    {
        var time = new FakeTimeProvider();
        _source.Append(2);
        await using var host = await LiveHost.StartAsync(_source, time);
        using var client = await LiveClient.ConnectAsync(host.Live);
        Assert.Equal(2, await client.ReadSequenceAsync());
        _source.IsAway = true;
        host.Hub.Announce(LiveHost.Wallet, 3);

        var heartbeat = client.ReadAsync();
        await Until.HoldsAsync(
            () => Advance(time, LiveConnection.Heartbeat / 4) && heartbeat.IsCompleted,
            s_patience,
            () => "No heartbeat."
        );
        Assert.Equal("""{"type":"heartbeat","sequence":2}""", (await heartbeat).ToString());

        _source.IsAway = false;
        _source.Append();
        var score = client.ReadSequenceAsync();
        await Until.HoldsAsync(
            () => Advance(time, LiveCatchUp.Interval) && score.IsCompleted,
            s_patience,
            () => "No score after the outage."
        );
        Assert.Equal(3, await score);
    }

    [Fact]
    public async Task Draining_closes_with_1001_at_once_and_says_where_to_go_on()
    {
        var time = new FakeTimeProvider();
        _source.Append(2);
        await using var host = await LiveHost.StartAsync(_source, time);
        using var client = await LiveClient.ConnectAsync(host.Live);
        await client.ReadSequenceAsync();

        // The clock stands still, so that the grace does not pass.
        var stop = host.StopAsync();

        Assert.Null(await client.ReadAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.CloseStatus);
        Assert.Contains("after=2", client.CloseReason, StringComparison.Ordinal);
        using var refused = await AskAsync(host.Live);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.False(stop.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1)); // the grace
        await stop.WaitAsync(s_patience, Cancellation);
    }

    [Fact]
    public async Task A_client_that_does_not_answer_the_close_does_not_hold_up_the_drain()
    {
        _source.Append();
        await using var host = await LiveHost.StartAsync(_source);
        using var silent = await ConnectWithoutReadingAsync(host);
        await Until.HoldsAsync(() => host.Hub.Watched.Length == 1, s_patience, () => "The client did not arrive.");

        await host.StopAsync().WaitAsync(s_patience, Cancellation);
    }

    [Fact]
    public async Task A_drain_that_was_taken_back_serves_again()
    {
        _source.Append();
        await using var host = await LiveHost.StartAsync(_source);
        using var client = await LiveClient.ConnectAsync(host.Live);
        await client.ReadSequenceAsync();

        host.Drain.Drain();
        Assert.Null(await client.ReadAsync());
        host.Drain.TryResume();

        using var again = await LiveClient.ConnectAsync(host.Live, after: 0);
        Assert.Equal(1, await again.ReadSequenceAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_dropped_and_nothing_piles_up_for_it()
    {
        var time = new FakeTimeProvider();
        var source = new FakeScoreSource(LiveHost.Wallet) { Size = 4000 };
        source.Append(1_000_000);
        await using var host = await LiveHost.StartAsync(source, time);
        using var silent = await ConnectWithoutReadingAsync(host, after: 0);
        var reads = 0;
        await Until.HoldsAsync(
            () => source.Reads > 2 && reads == (reads = source.Reads),
            s_patience,
            () => "It never stopped reading ahead."
        );

        await Until.HoldsAsync(
            () => Advance(time, LiveConnection.SendTimeout / 4) && host.Hub.Watched.Length == 0,
            s_patience,
            () => "The client was not dropped."
        );

        Assert.True(reads < 20_000, $"It read {reads} pages.");
    }

    [Fact]
    public async Task A_client_may_talk_and_is_not_heard_and_its_close_is_answered()
    {
        _source.Append();
        await using var host = await LiveHost.StartAsync(_source);
        using var client = await LiveClient.ConnectAsync(host.Live);
        await client.ReadSequenceAsync();

        await client.SendAsync(new string('x', 100_000));
        _source.Append();
        host.Hub.Announce(LiveHost.Wallet, 2);
        Assert.Equal(2, await client.ReadSequenceAsync());

        await client.CloseAsync();
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
        await Until.HoldsAsync(() => host.Hub.Watched.Length == 0, s_patience, () => "The wallet is still watched.");
    }

    [Fact]
    public async Task A_client_that_vanishes_is_forgotten()
    {
        await using var host = await LiveHost.StartAsync(_source);
        var client = await LiveClient.ConnectAsync(host.Live);
        await Until.HoldsAsync(() => host.Hub.Watched.Length == 1, s_patience, () => "The client did not arrive.");

        client.Dispose();

        await Until.HoldsAsync(() => host.Hub.Watched.Length == 0, s_patience, () => "The wallet is still watched.");
    }

    [Fact]
    public async Task What_is_no_WebSocket_is_told_how_to_become_one()
    {
        await using var host = await LiveHost.StartAsync(_source);
        using var http = new HttpClient();

        using var response = await http.GetAsync(host.Live, Cancellation);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Equal("websocket", response.Headers.Upgrade.Single().Name);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("?after=4", "newest score is 3")]
    [InlineData("?after=-1", "'-1'")]
    [InlineData("?after=now", "'now'")]
    [InlineData("?after=", "''")]
    [InlineData("?after=1&after=2", "'1,2'")]
    [InlineData("?after=99999999999999999999", "'99999999999999999999'")]
    public async Task An_after_that_cannot_be_is_refused_before_the_upgrade(string query, string said)
    {
        _source.Append(3);
        await using var host = await LiveHost.StartAsync(_source);

        using var response = await AskAsync(new(host.Live, query));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Contains(said, problem.GetProperty("errors").GetProperty("after")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_address_is_refused_before_the_upgrade()
    {
        await using var host = await LiveHost.StartAsync(_source);

        using var response = await AskAsync(new(host.Address, "/api/score/0x12/live"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task More_connections_than_it_may_have_are_sent_to_another_replica()
    {
        _source.Append();
        await using var host = await LiveHost.StartAsync(_source, maxConnections: 1);
        using var client = await LiveClient.ConnectAsync(host.Live);
        await client.ReadSequenceAsync();

        using var refused = await AskAsync(host.Live);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    private static bool Advance(FakeTimeProvider time, TimeSpan step)
    {
        time.Advance(step);
        return true;
    }

    /// <summary>Asks for the upgrade as HTTP does, so that a refusal can be read.</summary>
    private static async Task<HttpResponseMessage> AskAsync(Uri address)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Headers =
            {
                { "Connection", "Upgrade" },
                { "Upgrade", "websocket" },
                { "Sec-WebSocket-Version", "13" },
                { "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==" },
            },
        };
        return await http.SendAsync(request, Cancellation);
    }

    private static async Task<TcpClient> ConnectWithoutReadingAsync(LiveHost host, long? after = null)
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(host.Address.Host, host.Address.Port, Cancellation);
        var query = after is null ? "" : $"?after={after}";
        await client
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"GET {host.Live.AbsolutePath}{query} HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                ),
                Cancellation
            );
        return client;
    }
}
