using Microsoft.AspNetCore.Builder;
using NeuroCred.Api.Overload;
using NeuroCred.Tests.Telemetry;

namespace NeuroCred.Tests.Api.Overload;

[Collection(MeasuredProcess.Name)]
public class RequestQueueTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_is_too_much_waits_visibly_what_is_more_goes_elsewhere_and_health_answers_all_the_time()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await MeasuredHost.StartAsync(
            services => services.AddRequestQueue(1, length: 1),
            app =>
            {
                app.UseRouting();
                app.UseRateLimiter();
                app.MapGet(
                        "/work",
                        async () =>
                        {
                            await release.Task;
                            return "done";
                        }
                    )
                    .QueueUnderLoad();
            }
        );

        var first = host.Client.GetStringAsync("/work", Cancellation);
        await WaitForAsync(host, "aspnetcore_rate_limiting_active_request_leases");
        var second = host.Client.GetStringAsync("/work", Cancellation);
        await WaitForAsync(host, "aspnetcore_rate_limiting_queued_requests");
        using var third = await host.Client.GetAsync("/work", Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        Assert.Equal("application/problem+json", third.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(third.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/health", Cancellation)).StatusCode);
        Assert.False(second.IsCompleted);

        release.SetResult();
        Assert.Equal(["done", "done"], await Task.WhenAll(first, second));
    }

    private static Task WaitForAsync(TestHost host, string gauge) =>
        Until.HoldsAsync(async () => (await MetricsPage.ScrapeAsync(host.Address)).Sum(gauge) == 1, s_patience, () => $"{gauge} is not 1.");
}
