using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuroCred.ServiceDefaults;
using NeuroCred.ServiceDefaults.Lifetime;

namespace NeuroCred.Tests.ServiceDefaults;

/// <summary>An operator takes an instance out of traffic, and puts it back.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FakeTimeProvider _time = new(); // it stands still, so that no grace passes
    private readonly MessageLog _warnings = new();
    private TestHost _host = null!;

    private DrainState State => _host.App.Services.GetRequiredService<DrainState>();

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(_time);
                builder.Logging.AddProvider(_warnings);
                builder.Configuration["Draining:Timeout"] = "1h"; // nor is an end cut short
                builder.AddServiceDefaults(new(builder.Configuration));
            },
            app =>
            {
                app.MapDefaultEndpoints();
                app.MapDrain();
                app.MapPost("/work", () => "done");
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

    [Fact]
    public async Task A_drained_instance_sends_new_requests_elsewhere_and_finishes_what_it_has()
    {
        var slow = _host.Client.GetStringAsync("/slow", Cancellation);
        await _arrived.Task.WaitAsync(Cancellation);

        Assert.Equal("""{"draining":true}""", await SendAsync(HttpMethod.Put));
        Assert.Equal("""{"draining":true}""", await SendAsync(HttpMethod.Put));

        using var refused = await _host.Client.PostAsync("/work", null, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.True(refused.Headers.ConnectionClose);
        using var ready = await _host.Client.GetAsync("/health/ready", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("draining", (await ready.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("reason").GetString());
        using var alive = await _host.Client.GetAsync("/health", Cancellation);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        _release.SetResult();
        Assert.Equal("done", await slow);
    }

    [Fact]
    public async Task A_drain_that_is_taken_back_leaves_no_trace()
    {
        var before = State.Begun;
        await SendAsync(HttpMethod.Put);
        Assert.True(before.IsCancellationRequested);

        Assert.Equal("""{"draining":false}""", await SendAsync(HttpMethod.Delete));
        Assert.Equal("""{"draining":false}""", await SendAsync(HttpMethod.Delete));

        Assert.False(State.Begun.IsCancellationRequested);
        using var served = await _host.Client.PostAsync("/work", null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Null(served.Headers.ConnectionClose);
        using var ready = await _host.Client.GetAsync("/health/ready", Cancellation);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        await SendAsync(HttpMethod.Put);
        Assert.True(State.Begun.IsCancellationRequested);
    }

    [Fact]
    public async Task A_stop_cannot_be_taken_back()
    {
        await SendAsync(HttpMethod.Put);
        var stopping = _host.App.StopAsync(Cancellation);

        using var refused = await _host.Client.DeleteAsync("/drain", Cancellation);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"draining":true}""", await SendAsync(HttpMethod.Put));
        _time.Advance(TimeSpan.FromSeconds(1)); // the grace
        await stopping;
    }

    [Fact]
    public async Task A_stop_that_cuts_requests_off_warns_of_it()
    {
        var slow = _host.Client.GetStringAsync("/slow", Cancellation);
        await _arrived.Task.WaitAsync(Cancellation);
        using var deadline = new CancellationTokenSource();
        var stopping = _host.App.StopAsync(deadline.Token);
        _time.Advance(TimeSpan.FromSeconds(1)); // the grace

        await deadline.CancelAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => slow);
        await Record.ExceptionAsync(() => stopping);
        Assert.Contains(_warnings.Messages, message => message.StartsWith("Not drained", StringComparison.Ordinal));
    }

    private async Task<string> SendAsync(HttpMethod method)
    {
        using var request = new HttpRequestMessage(method, "/drain");
        using var response = await _host.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
