using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using NeuroCred.ServiceDefaults;
using NeuroCred.ServiceDefaults.Lifetime;

namespace NeuroCred.Tests.ServiceDefaults;

/// <summary>A small service with the defaults, in this process, on a free port of loopback.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FakeTimeProvider _time = new(); // it stands still, so that no grace passes
    private TestHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(
            builder =>
            {
                // In Development the framework would show stack traces: the place where they must not leak.
                builder.Environment.EnvironmentName = Environments.Development;
                builder.Configuration["OTEL_SERVICE_NAME"] = "api-7";
                builder.Services.AddSingleton<TimeProvider>(_time);
                builder.Configuration["Draining:Timeout"] = "1h"; // nor is an end cut short
                builder.AddServiceDefaults(new(builder.Configuration));
                builder.Services.AddHealthChecks().AddCheck("database", () => HealthCheckResult.Healthy());
            },
            app =>
            {
                app.MapDefaultEndpoints();
                app.MapGet("/fail", Fail);
                app.MapGet("/peer", (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Scheme}");
                app.MapGet(
                    "/slow",
                    async () =>
                    {
                        _arrived.TrySetResult();
                        await _release.Task;
                        return "done";
                    }
                );
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        await _host.DisposeAsync();
    }

    private static string Fail() => throw new InvalidOperationException("a secret of the implementation");

    [Fact]
    public async Task Liveness_and_readiness_say_what_monitors_match()
    {
        Assert.StartsWith(
            "{\"status\":\"healthy\",\"service\":\"",
            await _host.Client.GetStringAsync("/health", Cancellation),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "{\"status\":\"ready\",\"service\":\"",
            await _host.Client.GetStringAsync("/health/ready", Cancellation),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("203.0.113.9", false)]
    public async Task When_the_process_was_started_is_shown_to_who_asks_directly_and_not_to_the_outside(string? forwardedFor, bool shown)
    {
        var answer = await AskAsync("/health", forwardedFor);

        Assert.Equal(shown, answer.TryGetProperty("started", out var started));
        Assert.Equal(shown, answer.TryGetProperty("draining", out _));
        Assert.True(!shown || started.GetDateTimeOffset() < DateTimeOffset.UtcNow);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("203.0.113.9", false)]
    public async Task Dependencies_are_shown_to_who_asks_directly_and_not_to_the_outside(string? forwardedFor, bool shown)
    {
        var answer = await AskAsync("/health/ready", forwardedFor);

        Assert.Equal("ready", answer.GetProperty("status").GetString());
        Assert.Equal(shown, answer.TryGetProperty("dependencies", out _));
    }

    [Theory]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/fail", HttpStatusCode.InternalServerError)]
    public async Task Every_response_names_who_served_it_and_when_and_which_request(string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Request-ID", "my-id.1" } } };

        using var response = await _host.Client.SendAsync(request, Cancellation);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(["api-7"], response.Headers.GetValues("X-Served-By"));
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["my-id.1"], response.Headers.GetValues("X-Request-ID"));
        Assert.Matches(@"^\d+\.\dms$", response.Headers.GetValues("X-Response-Time").Single());
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("<script>")]
    [InlineData(null)]
    public async Task A_request_without_a_usable_id_gets_one(string? given)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.TryAddWithoutValidation("X-Request-ID", given);

        using var response = await _host.Client.SendAsync(request, Cancellation);

        Assert.Matches("^[0-9a-f]{32}$", response.Headers.GetValues("X-Request-ID").Single());
    }

    [Theory]
    [InlineData("GET", "/fail", 500, "application/json")]
    [InlineData("GET", "/fail", 500, "text/html")]
    [InlineData("GET", "/nowhere", 404, "text/html")]
    [InlineData("DELETE", "/peer", 405, "*/*")]
    public async Task Every_error_is_a_problem_and_no_problem_shows_the_implementation(
        string method,
        string path,
        int status,
        string accept
    )
    {
        using var request = new HttpRequestMessage(new(method), path) { Headers = { { "Accept", accept } } };

        using var response = await _host.Client.SendAsync(request, Cancellation);

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Equal(response.Headers.GetValues("X-Request-ID").Single(), problem.GetProperty("requestId").GetString());
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9", "203.0.113.9 http")]
    [InlineData("X-Forwarded-For", "6.6.6.6, 203.0.113.9", "203.0.113.9 http")]
    [InlineData("X-Real-IP", "203.0.113.9", "203.0.113.9 http")]
    [InlineData("X-Forwarded-Proto", "https", "127.0.0.1 https")]
    public async Task The_gateways_word_on_the_client_is_taken_and_the_clients_own_is_not(string header, string value, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/peer") { Headers = { { header, value } } };

        using var response = await _host.Client.SendAsync(request, Cancellation);

        Assert.Equal(expected, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_stopping_instance_is_not_ready_at_once_serves_on_and_finishes_what_it_has()
    {
        var slow = _host.Client.GetStringAsync("/slow", Cancellation);
        await _arrived.Task.WaitAsync(Cancellation);

        var stopping = _host.App.StopAsync(Cancellation);
        Assert.True(_host.App.Services.GetRequiredService<DrainState>().IsDraining);

        using var ready = await _host.Client.GetAsync("/health/ready", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("draining", (await ready.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("reason").GetString());
        using var served = await _host.Client.GetAsync("/peer", Cancellation);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.True(served.Headers.ConnectionClose);

        _time.Advance(TimeSpan.FromSeconds(1)); // the grace
        _release.SetResult();
        Assert.Equal("done", await slow);
        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => _host.Client.GetAsync("/health", Cancellation));
    }

    private async Task<JsonElement> AskAsync(string path, string? forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        using var response = await _host.Client.SendAsync(request, Cancellation);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }
}
