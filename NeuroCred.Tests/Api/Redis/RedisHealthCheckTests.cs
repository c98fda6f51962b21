using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NeuroCred.Api;
using NeuroCred.Api.Configuration;

namespace NeuroCred.Tests.Api.Redis;

public class RedisHealthCheckTests
{
    [Fact]
    public async Task A_check_of_Redis_that_does_not_end_in_time_leaves_the_replica_ready()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddApi(
            ApiOptions.Read(
                GivenSettings.Of(
                    ("Api:Key", "a key for tests"),
                    ("ConnectionStrings:neurocred", "Host=nowhere"),
                    ("ConnectionStrings:redis", "nowhere")
                )
            )
        );
        await using var app = builder.Build();
        var checks = app.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;
        checks.Single(check => check.Name == "redis").Factory = _ => new EndlessCheck();

        var report = await app
            .Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(check => check.Name == "redis", Cancellation);

        Assert.Equal(HealthStatus.Degraded, report.Status);
    }

    private sealed class EndlessCheck : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
