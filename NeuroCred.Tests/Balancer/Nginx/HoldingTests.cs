using Microsoft.AspNetCore.Http;
using static NeuroCred.Tests.Balancer.Nginx.GatewayErrorTests;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>What becomes of a request while no replica can serve: nginx keeps it, and sends it again when one is ready.</summary>
[StartsProcesses]
public sealed class HoldingTests
{
    private const string Ready = "/health/ready";

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(1);

    // Longer than a test takes, and what is at once, on the busiest of machines.
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task While_all_replicas_are_gone_for_two_seconds_no_request_fails_and_each_is_served_with_its_own_body()
    {
        await using var gateway = await RunningGateway.StartHoldingAsync(EchoAsync, Hold(s_long));
        await gateway.StopReplicasAsync();

        var waiting = Enumerable
            .Range(0, 40)
            .Select(async i =>
            {
                await Task.Delay(i * 25, Cancellation);
                // Beyond nginx's buffer, some bodies are kept in a file.
                var body = i % 2 == 0 ? "" : new string((char)('a' + i), i % 5 == 0 ? 100_000 : 10);
                using var response = await SendAsync(gateway, "/api/score", body);
                Assert.Equal((HttpStatusCode.OK, body), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
            })
            .ToArray();
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        await using var back = await StubReplica.StartAsync("api-2", EchoAsync, gateway.PortOf(1));

        await Task.WhenAll(waiting);

        Assert.Equal(40, back.Requests.Count(request => request.Path == "/api/score"));
    }

    [Fact]
    public async Task While_all_replicas_say_that_they_cannot_serve_a_request_waits_and_none_is_sent_again_before_one_is_ready()
    {
        var ready = false;
        await using var gateway = await RunningGateway.StartHoldingAsync(
            context => Volatile.Read(ref ready) ? EchoAsync(context) : Answer(503)(context),
            Hold(s_long)
        );

        var asked = Stopwatch.GetTimestamp();
        var waiting = SendAsync(gateway, "/api/score", "mine");
        await AssertAsksNowAndThenAsync(gateway, asked);
        var sent = CountRequests(gateway, "/api/score");
        Volatile.Write(ref ready, true);
        using var response = await waiting;

        Assert.Equal((HttpStatusCode.OK, "mine"), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal(3, sent);
        Assert.Equal(sent + 1, CountRequests(gateway, "/api/score"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mine")]
    public async Task When_its_time_has_passed_a_request_is_answered_503_that_says_when_to_come_back(string body)
    {
        await using var gateway = await RunningGateway.StartHoldingAsync(EchoAsync, Hold(TimeSpan.FromSeconds(2)));
        await gateway.StopReplicasAsync();

        var asked = Stopwatch.GetTimestamp();
        using var response = await SendAsync(gateway, "/api/score", body);

        await AssertProblemAsync(response, 503, retryAfter: true);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Replicas_that_are_ready_and_cannot_serve_do_not_begin_the_time_anew()
    {
        await using var gateway = await RunningGateway.StartHoldingAsync(
            context => Answer(context.Request.Path == Ready ? 200 : 503)(context),
            Hold(TimeSpan.FromSeconds(6))
        );

        var asked = Stopwatch.GetTimestamp();
        using var response = await SendAsync(gateway, "/api/score", "mine");

        await AssertProblemAsync(response, 503, retryAfter: true);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.FromSeconds(0.5), s_atOnce);
        // Three at first, and each time that it was sent again.
        Assert.Equal(3 + (3 * 3), CountRequests(gateway, "/api/score"));
    }

    [Fact]
    public async Task A_request_that_replicas_are_slow_to_refuse_is_sent_once_more_when_its_time_ends()
    {
        var asked = 0;
        await using var gateway = await RunningGateway.StartHoldingAsync(
            async context =>
            {
                if (context.Request.Path != Ready && Interlocked.Increment(ref asked) <= 9)
                {
                    await Task.Delay(TimeSpan.FromSeconds(0.55), Cancellation);
                    await Answer(503)(context);
                    return;
                }

                await Answer(200)(context);
            },
            Hold(TimeSpan.FromSeconds(6))
        );

        using var response = await SendAsync(gateway, "/api/score", "mine");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Beyond_the_limit_a_request_is_answered_503_at_once_and_those_that_are_held_are_served()
    {
        var ready = false;
        await using var gateway = await RunningGateway.StartHoldingAsync(
            context => (Volatile.Read(ref ready) ? EchoAsync : Answer(503))(context),
            new()
            {
                Holding = new() { Time = s_long, Limit = 2 },
            }
        );
        var held = Enumerable.Range(0, 2).Select(_ => SendAsync(gateway, "/api/score", "mine")).ToArray();
        await Until.HoldsAsync(
            () => CountRequests(gateway, "/api/score") == 2 * gateway.Replicas.Count,
            s_deadline,
            () => "Not every replica was asked for both."
        );
        await Task.Delay(s_moment, Cancellation);

        var asked = Stopwatch.GetTimestamp();
        using (var refused = await SendAsync(gateway, "/api/score", "mine"))
        {
            await AssertProblemAsync(refused, 503, retryAfter: true);
            Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, s_atOnce);
        }

        Volatile.Write(ref ready, true);
        Assert.All(await Task.WhenAll(held), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        // Those that were served make room.
        Volatile.Write(ref ready, false);
        var next = SendAsync(gateway, "/api/score", "mine");
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(s_moment, Cancellation)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task For_a_client_that_has_gone_nothing_is_asked_or_sent(bool https)
    {
        await using var gateway = await RunningGateway.StartHoldingAsync(Answer(503), Hold(s_long));
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asked = Stopwatch.GetTimestamp();
        var request = SendAsync(gateway, "/api/score", "mine", https, "gone-1", gone);
        await AssertAsksNowAndThenAsync(gateway, asked);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        var line = await gateway.FindLogAsync("gone-1");
        Assert.Equal(499, line.GetProperty("status").GetInt32());
        Assert.InRange(line.GetProperty("held").GetDouble(), 0.1, s_long.TotalSeconds);
        // What was on its way may still arrive.
        await Until.HoldsAsync(
            async () =>
            {
                var before = gateway.Requests.Count();
                await Task.Delay(s_moment, Cancellation);
                return gateway.Requests.Count() == before;
            },
            s_atOnce,
            () => "Replicas are asked all the same."
        );
    }

    [Theory]
    [InlineData("/health", "")]
    [InlineData(Ready, "")]
    [InlineData("/events", "Accept: text/event-stream\r\n")]
    [InlineData("/live", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n")]
    public async Task Health_checks_streams_and_WebSockets_are_not_held(string path, string headers)
    {
        await using var gateway = await RunningGateway.StartHoldingAsync(EchoAsync, Hold(s_long));
        await gateway.StopReplicasAsync();
        using var connection = gateway.Connect();

        var asked = Stopwatch.GetTimestamp();
        await connection.SendAsync(
            $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: "
                + $"{(headers.Contains("websocket", StringComparison.Ordinal) ? "upgrade, close" : "close")}\r\n{headers}\r\n"
        );

        Assert.StartsWith("HTTP/1.1 503 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, s_atOnce);
    }

    [Theory]
    [InlineData("/gateway-hold-ready")]
    [InlineData("/gateway-hold-401")]
    public async Task What_it_takes_to_hold_is_not_found_from_outside(string path)
    {
        await using var gateway = await RunningGateway.StartHoldingAsync(EchoAsync);

        using var response = await SendAsync(gateway, path, "");

        await AssertProblemAsync(response, 404);
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task A_request_that_took_its_time_before_it_failed_is_not_held()
    {
        var policy = new BalancingPolicy
        {
            Timeouts = new() { Read = TimeSpan.FromSeconds(2) },
            Retries = new() { TotalTime = TimeSpan.FromSeconds(3.5), Tries = 2 },
        };
        await using var gateway = await RunningGateway.StartHoldingAsync(
            context => context.Request.Path == Ready ? EchoAsync(context) : Task.Delay(s_long, context.RequestAborted),
            policy
        );

        using var response = await SendAsync(gateway, "/api/score", "mine");

        await AssertProblemAsync(response, 503, retryAfter: true);
        Assert.Equal(2, CountRequests(gateway, "/api/score"));
    }

    [Fact]
    public async Task The_log_says_for_how_long_a_request_was_held()
    {
        await using var gateway = await RunningGateway.StartHoldingAsync(EchoAsync, Hold(s_long));
        using (await SendAsync(gateway, "/api/score", "", requestId: "never-held"))
        {
            Assert.Equal("0.000", (await gateway.FindLogAsync("never-held")).GetProperty("held").GetRawText());
        }

        await gateway.StopReplicasAsync();
        var waiting = SendAsync(gateway, "/api/score", "mine", requestId: "held-1");
        await Task.Delay(s_moment, Cancellation);
        await using var back = await StubReplica.StartAsync("api-3", EchoAsync, gateway.PortOf(2));
        using var response = await waiting;

        var line = await gateway.FindLogAsync("held-1");
        Assert.Equal(("POST", 200), (line.GetProperty("method").GetString(), line.GetProperty("status").GetInt32()));
        Assert.InRange(line.GetProperty("held").GetDouble(), 0.9, s_atOnce.TotalSeconds);
        Assert.EndsWith(
            $":{gateway.PortOf(2)}",
            line.GetProperty("attempts").GetProperty("upstream").GetString(),
            StringComparison.Ordinal
        );
    }

    // Several times a second, and not more often than it helps.
    private static async Task AssertAsksNowAndThenAsync(RunningGateway gateway, long since)
    {
        await Task.Delay(s_moment, Cancellation);
        await Until.HoldsAsync(() => CountRequests(gateway, Ready) >= 4, s_deadline, () => "No replica is asked whether it is ready.");
        Assert.InRange(CountRequests(gateway, Ready), 4, (int)(60 * Stopwatch.GetElapsedTime(since).TotalSeconds));
    }

    private static BalancingPolicy Hold(TimeSpan time) => new() { Holding = new() { Time = time } };

    private static int CountRequests(RunningGateway gateway, string path) => gateway.Requests.Count(request => request.Path == path);

    private static async Task EchoAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        await context.Response.Body.WriteAsync(body.ToArray(), context.RequestAborted);
    }

    // GET without a body, and POST with one.
    private static Task<HttpResponseMessage> SendAsync(
        RunningGateway gateway,
        string path,
        string body,
        bool https = false,
        string requestId = "some-1",
        CancellationTokenSource? client = null
    )
    {
        var request = new HttpRequestMessage(body is "" ? HttpMethod.Get : HttpMethod.Post, path)
        {
            Content = body is "" ? null : new StringContent(body),
            Headers = { { "X-Request-ID", requestId } },
        };
        return (https ? gateway.Https : gateway.Http).SendAsync(request, client?.Token ?? Cancellation);
    }
}
