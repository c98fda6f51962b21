using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>What clients are told when a replica, or all of them, or something they share, fails.</summary>
[StartsProcesses]
public sealed class GatewayErrorTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_replica_that_answers_503_loses_the_request_to_another(string method)
    {
        await using var gateway = await RunningGateway.StartAsync(null, Answer(503), Answer(503), Answer(200));

        using var response = await SendAsync(gateway, method);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("api-3", response.Headers.GetValues("X-Served-By").Single());
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Any_other_answer_of_a_replica_passes_as_it_is(int status)
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(status));

        using var response = await SendAsync(gateway, "POST");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("the replica's own words", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task Without_any_replica_there_is_a_503_in_under_a_second()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));
        await gateway.StopReplicasAsync();

        List<double> seconds = [];
        for (var i = 0; i < 10; i++)
        {
            var asked = Stopwatch.GetTimestamp();
            using var response = await SendAsync(gateway, "POST");

            seconds.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
            await AssertProblemAsync(response, 503, retryAfter: true);
        }

        // Some may have met a machine that was busy with other tests.
        Assert.InRange(new Distribution(seconds).Median, 0, 1);
    }

    [Fact]
    public async Task An_error_of_the_gateway_names_the_request()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(502));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Request-ID", "mine-1" } } };

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        Assert.Equal("mine-1", response.Headers.GetValues("X-Request-ID").Single());
        Assert.Equal("mine-1", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task The_gateway_is_ready_when_any_replica_is_and_when_none_is_the_answer_is_a_replicas_own()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(503));
        await using var oneIsReady = await RunningGateway.StartAsync(null, Answer(503), Answer(200));

        using var response = await gateway.Http.GetAsync("/health/ready", Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("the replica's own words", await response.Content.ReadAsStringAsync(Cancellation));
        for (var i = 0; i < 10; i++)
        {
            using var ready = await oneIsReady.Http.GetAsync("/health/ready", Cancellation);
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }
    }

    internal static RequestDelegate Answer(int status) =>
        async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("the replica's own words", context.RequestAborted);
        };

    internal static async Task AssertProblemAsync(HttpResponseMessage response, int status, bool retryAfter = false)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(retryAfter, response.Headers.RetryAfter is not null);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("Error", problem.GetProperty("title").GetString());
        Assert.Equal(response.Headers.GetValues("X-Request-ID").Single(), problem.GetProperty("requestId").GetString());
    }

    private static Task<HttpResponseMessage> SendAsync(RunningGateway gateway, string method) =>
        gateway.Http.SendAsync(
            new(new(method), "/api/score") { Content = method == "POST" ? new StringContent("{}") : null },
            Cancellation
        );
}
