using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace NeuroCred.Tests.Benchmarks;

/// <summary>The measuring clients, and the replicas that misbehave for them.</summary>
public sealed class FaultyReplicaTests : IAsyncLifetime
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly int _port = LocalPort.FindFree();
    private readonly HttpClient _http = new();
    private TestHost? _real;
    private FaultyReplica? _replica;
    private int _asked;

    private FaultyReplica Replica => _replica!;

    public async ValueTask InitializeAsync()
    {
        _real = await TestHost.StartAsync(
            _ => { },
            app =>
                app.Run(async context =>
                {
                    Interlocked.Increment(ref _asked);
                    context.Response.Headers["X-Served-By"] = "the real one";
                    var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
                    await context.Response.WriteAsync(
                        $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} "
                            + $"{context.Request.Headers["Idempotency-Key"]} {body}"
                    );
                })
        );
        _replica = await FaultyReplica.StartAsync("api-2", _port, _real.Address);
        _http.BaseAddress = new($"http://127.0.0.1:{_port}");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Replica.DisposeAsync();
        await _real!.DisposeAsync();
    }

    [Fact]
    public async Task Until_it_misbehaves_it_answers_as_the_replica_would_whose_place_it_took()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/score?x=1") { Content = new StringContent("body") };
        request.Headers.Add("Idempotency-Key", "\"a\"");
        using var response = await _http.SendAsync(request, Cancellation);

        Assert.Equal("POST /api/score?x=1 \"a\" body", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("api-2", Assert.Single(response.Headers.GetValues("X-Served-By")));
    }

    [Fact]
    public async Task Late_means_right_and_late()
    {
        Replica.Misbehaviour = Misbehaviours.AnswerLate(TimeSpan.FromMilliseconds(300));
        var started = System.Diagnostics.Stopwatch.GetTimestamp();

        Assert.StartsWith("GET /late", await _http.GetStringAsync("/late", Cancellation));
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds, 290, s_deadline.TotalMilliseconds);
    }

    [Fact]
    public async Task Mute_means_that_no_answer_ever_comes_and_that_its_end_is_quick_all_the_same()
    {
        Replica.Misbehaviour = Misbehaviours.NeverAnswerAsync;
        var answer = _http.GetAsync("/mute", Cancellation);

        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(500), Cancellation));
        await Replica.DisposeAsync().AsTask().WaitAsync(s_deadline, Cancellation);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer);
        Assert.Equal(0, _asked);
    }

    [Theory]
    [InlineData(Misbehaviours.OtherProtocol)]
    [InlineData(Misbehaviours.BrokenHeader)]
    public async Task Garbage_is_sent_byte_by_byte_as_given(string garbage)
    {
        Replica.Misbehaviour = Misbehaviours.AnswerGarbage(garbage);

        Assert.Equal(garbage, await CallAsync());
        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task A_reset_before_a_response_comes_after_the_work_was_done()
    {
        Replica.Misbehaviour = Misbehaviours.ResetBeforeResponseAsync;

        Assert.Equal("", await CallAsync());
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_reset_in_a_response_comes_after_its_first_half()
    {
        Replica.Misbehaviour = Misbehaviours.ResetInResponseAsync;

        var received = await CallAsync();

        Assert.StartsWith("HTTP/1.1 200 OK", received);
        Assert.EndsWith("\r\n\r\nGET", received);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_request_is_measured_from_the_moment_it_was_due_and_a_stall_is_seen_by_all_that_fall_into_it()
    {
        // Each request stalls until the tenth has come: so the first waited for the nine that were due after it.
        var tenth = new TaskCompletionSource();
        var count = 0;
        Replica.Misbehaviour = async (context, askRealReplica) =>
        {
            if (Interlocked.Increment(ref count) == 10)
            {
                tenth.SetResult();
            }

            await tenth.Task;
            await (await askRealReplica()).WriteAsync(context);
        };
        using var client = new OpenLoopClient(
            _http.BaseAddress!,
            Connections.KeepAlive,
            20,
            i => new(Workload.Read, $"{i}", () => new(HttpMethod.Get, "/"))
        );
        var outcomes = await client.RunWhileAsync(() => tenth.Task.WaitAsync(s_deadline, Cancellation));

        var first = outcomes.Single(o => o.Item.Subject == "0");

        Assert.False(first.Failed);
        Assert.InRange(first.Latency.TotalMilliseconds, 440, s_deadline.TotalMilliseconds);
    }

    /// <summary>Everything that comes back for a request, up to the end of the connection.</summary>
    private async Task<string> CallAsync()
    {
        using var connection = new Balancer.Nginx.RawConnection(_port);
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        return await connection.ReadToEndAsync();
    }
}
