using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuroCred.AppHost.Gateway;
using static Aspire.Hosting.Nginx.Tests.NginxModel;

namespace NeuroCred.Tests.AppHost;

public sealed class GatewayTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder();

    [Fact]
    public async Task It_is_written_by_the_policy()
    {
        var gateway = AddGateway(new() { Tls = new() { RedirectHttp = true } }).WithAccessLog("/srv/logs").WithStatus();

        var files = await RenderAsync(gateway.Resource, ("Nginx:Version", "1.30"));

        Assert.Equal(
            [
                "conf.d/gateway.conf",
                "conf.d/limits.conf",
                "conf.d/problems.conf",
                "conf.d/status.conf",
                "conf.d/tls.conf",
                "nginx.conf",
                "tls/certificate-key.pem",
                "tls/certificate.pem",
            ],
            files.Keys.Order()
        );
        Assert.Contains("upstream neurocred_backend {", files["conf.d/gateway.conf"], StringComparison.Ordinal);
        Assert.Contains("server 127.0.0.1:5001 ", files["conf.d/gateway.conf"], StringComparison.Ordinal);
        Assert.Contains($"listen {gateway.Resource.PrimaryEndpoint.TargetPort};", files["conf.d/gateway.conf"], StringComparison.Ordinal);
        Assert.Contains("https://$host:9443$request_uri", files["conf.d/gateway.conf"], StringComparison.Ordinal);
        Assert.Contains("access_log /var/log/gateway/access.log gateway ", files["nginx.conf"], StringComparison.Ordinal);
        Assert.Contains($"listen {gateway.Resource.StatusEndpoint.TargetPort};", files["conf.d/status.conf"], StringComparison.Ordinal);
        Assert.DoesNotContain("stub_status", files["conf.d/gateway.conf"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.22.1", "ssl http2;")]
    [InlineData("1.30", "http2 on;")]
    public async Task What_is_written_suits_the_version_that_runs(string version, string expected)
    {
        var files = await RenderAsync(AddGateway(new()).Resource, ("Nginx:Version", version));

        Assert.Contains(expected, files["conf.d/gateway.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_module_njs_it_holds_requests()
    {
        var files = await RenderAsync(
            AddGateway(new(), "/usr/lib/nginx/modules/ngx_http_js_module.so").Resource,
            ("Nginx:Version", "1.22.1")
        );

        Assert.Contains("load_module /usr/lib/nginx/modules/ngx_http_js_module.so;", files["nginx.conf"], StringComparison.Ordinal);
        Assert.Contains("conf.d/hold.js", files.Keys);
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(0, false)]
    public async Task Without_the_module_njs_the_start_names_the_package_unless_no_request_is_to_be_held(int seconds, bool warned)
    {
        AddGateway(new() { Holding = new() { Time = TimeSpan.FromSeconds(seconds) } });

        var warnings = await StartAsync();

        Assert.Equal(warned ? 1 : 0, warnings.Count(warning => warning.Contains("install libnginx-mod-http-js", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_no_request_may_be_sent_again_the_start_says_that_none_is_held_and_what_to_set()
    {
        AddGateway(new() { Retries = new() { Conditions = [RetryCondition.Error] } });

        Assert.Contains("Balancing:Retries:Conditions", Assert.Single(await StartAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_and_by_name()
    {
        var gateway = _builder.AddNginx("gateway");

        var exception = Assert.Throws<DistributedApplicationException>(() =>
            gateway.WithBalancing(
                [],
                new()
                {
                    Upstream = new() { Name = "back end" },
                    ServerName = "api.neurocred.io\r\n",
                    Failures = new() { MaxFails = -1, FailTimeout = TimeSpan.FromMilliseconds(1500) },
                    Retries = new() { TotalTime = TimeSpan.FromSeconds(10) },
                },
                jsModule: null
            )
        );

        Assert.Equal(
            """
            The load balancing of 'gateway' is invalid.
            Upstream:Name is 'back end': give letters, digits, '_', '-' and '.'.
            ServerName is 'api.neurocred.io\x0d\x0a': remove the carriage return (CR), which could end the line and begin another directive.
            Failures:MaxFails is -1: give 0 to 2147483647.
            Failures:FailTimeout is 1500ms: give whole seconds, 1s to 1h.
            Retries:TotalTime is 10s, and Timeouts:Read 10s: give the former more, or no request that a replica left unanswered would be sent to another.
            """.ReplaceLineEndings(),
            exception.Message
        );
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_used_is_named_with_its_settings()
    {
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            GatewayExtensions.CheckCertificate("/nowhere/api.pem", "/nowhere/api-key.pem")
        );

        Assert.StartsWith(
            "Tls:Certificate ('/nowhere/api.pem') and Tls:CertificateKey ('/nowhere/api-key.pem') cannot be used: give ",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Does what comes before the start.</summary>
    /// <returns>The warnings.</returns>
    private async Task<IReadOnlyCollection<string>> StartAsync()
    {
        using var log = new MessageLog();
        _builder.Services.AddSingleton<ILoggerProvider>(log);
        await using var application = _builder.Build();
        await _builder.Eventing.PublishAsync(new BeforeStartEvent(application.Services, new([])), Cancellation);
        return log.Messages;
    }

    private IResourceBuilder<NginxResource> AddGateway(BalancingPolicy policy, string? jsModule = null)
    {
        var replica = _builder.AddExecutable("api-1", "api", ".").WithHttpEndpoint(isProxied: false);
        var gateway = _builder.AddNginx("gateway").WithBalancing([replica], policy, jsModule).WithHttps(9443, policy.Tls);
        Allocate(gateway.Resource.HttpsEndpoint, 9443);

        // nginx, a container by the model, asks for the address in the containers' network.
        var endpoint = replica.GetEndpoint("http").EndpointAnnotation;
        endpoint.AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(
            KnownNetworkIdentifiers.DefaultAspireContainerNetwork,
            new(endpoint, "127.0.0.1", 5001, EndpointBindingMode.SingleAddress, null, KnownNetworkIdentifiers.DefaultAspireContainerNetwork)
        );
        return gateway;
    }
}
