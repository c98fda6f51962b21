using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Tests.Model;

public sealed class HealthCheckModelTests
{
    [Fact]
    public async Task A_check_that_nobody_registered_is_refused_with_its_resource()
    {
        await using var model = new BuiltModel(builder =>
        {
            builder.Services.AddHealthChecks().AddCheck("known", () => HealthCheckResult.Healthy());
            builder.CreateResourceBuilder(builder.Resources.Single()).WithHealthCheck("known").WithHealthCheck("unknown");
        });
        var refusal = Assert.Throws<DistributedApplicationException>(() => HealthCheckKeys.Check(
            model.Services.GetRequiredService<DistributedApplicationModel>(), model.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value));
        Assert.Equal("The health check 'unknown' of 'program' is not registered: add it by Services.AddHealthChecks().", refusal.Message);
    }

    [Fact]
    public async Task An_http_check_is_named_after_what_it_asks()
    {
        await using var model = new BuiltModel(builder => builder.CreateResourceBuilder((ExecutableResource)builder.Resources.Single())
            .WithHttpEndpoint().WithHttpHealthCheck("/health").WithHttpHealthCheck("/ready", 204, "http"));
        var keys = model.Program.Annotations.OfType<HealthCheckAnnotation>().Select(a => a.Key).ToArray();
        Assert.Equal(["program_http_/health_200_check", "program_http_/ready_204_check"], keys);
        var report = await model.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(r => keys.Contains(r.Name), TestContext.Current.CancellationToken);
        Assert.Equal("The endpoint 'http' has no address.", report.Entries[keys[0]].Description);
    }
}
