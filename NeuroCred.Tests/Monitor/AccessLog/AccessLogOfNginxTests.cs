using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;

namespace NeuroCred.Tests.Monitor.AccessLog;

/// <summary>Each kind of line, written by this machine's nginx on the rendered configuration.</summary>
[StartsProcesses]
public sealed class AccessLogOfNginxTests
{
    private static readonly RequestDelegate s_answer = context => context.Response.WriteAsync("ok");
    private static readonly RequestDelegate s_abort = context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    private static readonly RequestDelegate s_wait = context =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    private static readonly BalancingPolicy s_impatient = new() { Timeouts = new() { Read = TimeSpan.FromSeconds(2) } };

    [Fact]
    public async Task An_answer_is_one_attempt_that_went_well()
    {
        await using var gateway = await RunningGateway.StartAsync(s_answer);

        var entry = await AskAsync(gateway);

        var attempt = Assert.Single(entry.Attempts);
        Assert.Equal(AttemptOutcome.Ok, attempt.Outcome);
        Assert.True(attempt is { Connect: >= 0, Header: >= 0, Response: >= 0 });
        Assert.Equal(("GET", 200), (entry.Method, entry.Status));
    }

    [Fact]
    public async Task A_port_without_listener_is_refused_and_another_replica_asked()
    {
        await using var gateway = await RunningGateway.StartAsync(s_answer);
        await gateway.Replicas[0].DisposeAsync();

        await AssertFailoverAsync(gateway, AttemptOutcome.Refused);
    }

    [Fact]
    public async Task A_connection_that_ends_before_an_answer_is_reset()
    {
        await using var gateway = await RunningGateway.StartAsync(null, s_abort, s_answer, s_answer);

        await AssertFailoverAsync(gateway, AttemptOutcome.Reset);
    }

    [Fact]
    public async Task A_replica_that_does_not_answer_in_time_has_a_timeout()
    {
        await using var gateway = await RunningGateway.StartAsync(s_impatient, s_wait, s_answer, s_answer);

        await AssertFailoverAsync(gateway, AttemptOutcome.Timeout);
    }

    [Theory]
    [InlineData(503, 2)]
    [InlineData(500, 1)]
    [InlineData(502, 1)]
    [InlineData(504, 1)]
    public async Task A_status_of_500_and_more_is_the_replicas_own(int status, int attempts)
    {
        RequestDelegate fail = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        await using var gateway = await RunningGateway.StartAsync(null, fail, s_answer, s_answer);

        var entry = await AskUntilFailedAsync(gateway, AttemptOutcome.ServerError);

        Assert.Equal(attempts, entry.Attempts.Count);
    }

    [Fact]
    public async Task When_every_replica_is_left_alone_there_is_no_live_upstream()
    {
        await using var gateway = await RunningGateway.StartAsync(
            s_answer,
            new()
            {
                Failures = new() { MaxFails = 1, FailTimeout = TimeSpan.FromSeconds(60) },
            }
        );
        foreach (var replica in gateway.Replicas)
        {
            await replica.DisposeAsync();
        }

        Assert.Equal(3, (await AskAsync(gateway)).Attempts.Count);
        var entry = await AskAsync(gateway);

        Assert.True(entry.HasNoLiveUpstream);
        Assert.Empty(entry.Attempts);
        Assert.Equal(503, entry.Status);
    }

    [Fact]
    public async Task A_request_that_was_held_has_the_attempts_before_and_after()
    {
        var asked = 0;
        await using var gateway = await RunningGateway.StartHoldingAsync(context =>
        {
            // The first three attempts, and the question which replica is ready to three of them.
            context.Response.StatusCode = Interlocked.Increment(ref asked) <= 6 ? 503 : 200;
            return Task.CompletedTask;
        });

        var entry = await AskAsync(gateway);

        Assert.Equal(
            [AttemptOutcome.ServerError, AttemptOutcome.ServerError, AttemptOutcome.ServerError, AttemptOutcome.Ok],
            entry.Attempts.Select(a => a.Outcome)
        );
        Assert.Equal(200, entry.Status);
        Assert.InRange(entry.Held, 90, 6000); // as long as it may be
    }

    [Fact]
    public async Task A_WebSocket_is_a_stream()
    {
        await using var gateway = await RunningGateway.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        var id = $"{Guid.NewGuid():N}";
        using var client = new ClientWebSocket();
        client.Options.SetRequestHeader("X-Request-ID", id);
        await client.ConnectAsync(new($"ws://127.0.0.1:{gateway.HttpPort}/live"), Cancellation);
        await client.ReceiveAsync(new byte[1].AsMemory(), Cancellation);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        var entry = await ReadAsync(gateway, id);

        Assert.True(entry.IsStream);
        Assert.Equal(101, entry.Status);
        Assert.Equal(AttemptOutcome.Ok, Assert.Single(entry.Attempts).Outcome);
    }

    [Fact]
    public async Task Server_sent_events_are_a_stream()
    {
        await using var gateway = await RunningGateway.StartAsync(s_answer);

        Assert.True((await AskAsync(gateway, accept: "text/event-stream")).IsStream);
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_an_attempt_that_nobody_failed()
    {
        await using var gateway = await RunningGateway.StartAsync(s_wait);
        var id = $"{Guid.NewGuid():N}";
        using (var connection = gateway.Connect())
        {
            await connection.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\nX-Request-ID: {id}\r\n\r\n");
            await WholeSystem.Until.HoldsAsync(
                () => gateway.Replicas.Any(r => !r.Requests.IsEmpty),
                TimeSpan.FromMinutes(1),
                () => "No replica was asked."
            );
        }

        var entry = await ReadAsync(gateway, id);

        Assert.Equal(499, entry.Status);
        Assert.Equal(AttemptOutcome.Abandoned, Assert.Single(entry.Attempts).Outcome);
    }

    [Fact]
    public async Task What_is_no_request_is_understood_too()
    {
        await using var gateway = await RunningGateway.StartAsync(s_answer);
        using var connection = gateway.Connect();
        await connection.SendAsync("\u0016\u0003\u0001 \"\\\r\n\r\n");

        var entry = Parse(gateway, (await gateway.FindLogAsync("\"status\":400")).GetRawText());

        Assert.Equal(400, entry.Status);
        Assert.Empty(entry.Attempts);
    }

    private static async Task AssertFailoverAsync(RunningGateway gateway, AttemptOutcome outcome)
    {
        var entry = await AskUntilFailedAsync(gateway, outcome);

        Assert.Equal(200, entry.Status);
        Assert.Equal([outcome, AttemptOutcome.Ok], entry.Attempts.Select(a => a.Outcome));
        Assert.Equal(0, entry.Attempts[0].Replica);
    }

    // Which replica is asked first is nginx's choice.
    private static async Task<AccessLogEntry> AskUntilFailedAsync(RunningGateway gateway, AttemptOutcome outcome)
    {
        for (var i = 0; i < 10; i++)
        {
            if (await AskAsync(gateway) is var entry && entry.Attempts[0].Replica == 0)
            {
                Assert.Equal(outcome, entry.Attempts[0].Outcome);
                return entry;
            }
        }

        Assert.Fail("The first replica was never asked.");
        return null!;
    }

    private static async Task<AccessLogEntry> AskAsync(RunningGateway gateway, string? accept = null)
    {
        var id = $"{Guid.NewGuid():N}";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version11 };
        request.Headers.Add("X-Request-ID", id);
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using var response = await gateway.Http.SendAsync(request, Cancellation);
        return await ReadAsync(gateway, id);
    }

    private static async Task<AccessLogEntry> ReadAsync(RunningGateway gateway, string id) =>
        Parse(gateway, (await gateway.FindLogAsync(id)).GetRawText());

    private static AccessLogEntry Parse(RunningGateway gateway, string line)
    {
        var options = TestOptions.Create() with
        {
            Replicas =
            [
                .. gateway.Replicas.Select(
                    (r, i) => new MonitoredReplica(r.Name, new($"http://localhost:{gateway.PortOf(i)}"), new("http://localhost:1"))
                ),
            ],
        };
        var entry = new AccessLogParser(TestOptions.Resolve(options)).Parse(Encoding.UTF8.GetBytes(line));
        Assert.True(entry is not null, line);
        return entry;
    }
}
