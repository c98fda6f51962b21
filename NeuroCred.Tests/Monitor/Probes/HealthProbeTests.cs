using Microsoft.AspNetCore.Http;
using NeuroCred.Monitor.Probes;

namespace NeuroCred.Tests.Monitor.Probes;

/// <summary>What a probe makes of servers that behave in each way.</summary>
public sealed class HealthProbeTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_ample = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(200, "Ok")]
    [InlineData(503, "Unhealthy")]
    public async Task An_answer_counts_by_its_status(int status, string outcome) =>
        Assert.Equal(
            outcome,
            (
                await AskAsync(context =>
                {
                    context.Response.StatusCode = status;
                    return context.Response.WriteAsync("{}");
                })
            ).Outcome.ToString()
        );

    [Theory]
    [InlineData(null, "a program that sends no X-Served-By answers on its port")]
    [InlineData("api-3", "'api-3' answers on its port")]
    public async Task An_answer_of_another_program_is_told_from_one_of_the_replica(string? servedBy, string reason)
    {
        var result = await AskAsync(context =>
        {
            context.Response.Headers["X-Served-By"] = servedBy;
            return context.Response.WriteAsync("{}");
        });

        Assert.Equal((ProbeOutcome.Stranger, reason), (result.Outcome, result.Reason));
    }

    [Fact]
    public async Task A_replica_that_was_found_may_call_itself_as_it_likes()
    {
        await using var replica = await StubReplica.StartAsync("6f2a90c1", context => context.Response.WriteAsync("{}"));

        var result = await AskAsync(replica.Port, s_ample, isDiscovered: true);

        Assert.Equal((ProbeOutcome.Ok, "6f2a90c1"), (result.Outcome, result.ServedBy));
    }

    [Fact]
    public async Task What_an_answer_says_of_its_process_is_known()
    {
        var result = await AskAsync(context =>
            context.Response.WriteAsync("""{"status":"healthy","started":"2026-11-26T01:14:21.5+00:00","draining":true}""")
        );

        Assert.Equal(new DateTimeOffset(2026, 11, 26, 1, 14, 21, 500, TimeSpan.Zero), result.Started);
        Assert.True(result.IsDraining);
    }

    [Fact]
    public async Task No_answer_in_time_is_a_timeout()
    {
        var result = await AskAsync(
            context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default),
            s_short
        );

        // Where this machine is so busy that even the probe is late, it blames nobody.
        Assert.True(result is { Outcome: ProbeOutcome.Timeout or ProbeOutcome.Void, Reason: "no answer within 200 ms" }, $"{result}");
    }

    [Fact]
    public async Task A_connection_that_ends_is_broken() =>
        Assert.Equal(
            ProbeOutcome.Broken,
            (
                await AskAsync(context =>
                {
                    context.Abort();
                    return Task.CompletedTask;
                })
            ).Outcome
        );

    [Fact]
    public async Task A_port_without_listener_is_refused()
    {
        var replica = await StubReplica.StartAsync("api-1", _ => Task.CompletedTask);
        var port = replica.Port;
        await replica.DisposeAsync();

        Assert.Equal(
            (ProbeOutcome.Refused, "connection refused"),
            await AskAsync(port, s_ample) is var result ? (result.Outcome, result.Reason) : default
        );
    }

    private static async Task<ProbeResult> AskAsync(RequestDelegate answer, TimeSpan? timeout = null)
    {
        await using var replica = await StubReplica.StartAsync("api-1", answer);
        return await AskAsync(replica.Port, timeout ?? s_ample);
    }

    private static async Task<ProbeResult> AskAsync(int port, TimeSpan timeout, bool isDiscovered = false)
    {
        using var probe = new HealthProbe(
            new("api-1", new($"http://127.0.0.1:{port}"), new("http://127.0.0.1:1"), isDiscovered),
            new HealthPolicy().Liveness with
            {
                Timeout = timeout,
            },
            TimeProvider.System
        );
        return await probe.AskAsync(Cancellation);
    }
}
