using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Nginx.Tests;

public sealed class NginxModelTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder();

    [Fact]
    public void It_is_the_official_image_of_a_pinned_version()
    {
        var image = Assert.Single(_builder.AddNginx("gateway").Resource.Annotations.OfType<ContainerImageAnnotation>());

        Assert.Equal(("docker.io", "library/nginx", "1.30"), (image.Registry, image.Image, image.Tag));
    }

    [Theory]
    [InlineData(9090, 9090)]
    [InlineData(0, null)]
    [InlineData(null, null)]
    public void Nothing_stands_between_clients_and_nginx(int? port, int? expected)
    {
        var endpoint = _builder.AddNginx("gateway", port).Resource.PrimaryEndpoint.EndpointAnnotation;

        Assert.Equal(("http", "http", expected, false), (endpoint.Name, endpoint.UriScheme, endpoint.Port, endpoint.IsProxied));
        // A container must say its port; the published one need not be the same.
        Assert.NotNull(endpoint.TargetPort);
    }

    [Fact]
    public void It_is_related_to_each_server_and_waits_for_none()
    {
        var servers = NginxModel.Servers(_builder, 3);
        var gateway = _builder.AddNginx("gateway").WithLoadBalancing(servers);

        var relationships = gateway.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().ToList();
        Assert.Equal(["api-1", "api-2", "api-3"], relationships.Select(r => r.Resource.Name).Distinct());
        Assert.All(relationships, r => Assert.Equal("Reference", r.Type));
        Assert.Empty(gateway.Resource.Annotations.OfType<WaitAnnotation>());
    }

    [Fact]
    public void Its_health_is_checked() => Assert.Single(_builder.AddNginx("gateway").Resource.Annotations.OfType<HealthCheckAnnotation>());

    [Fact]
    public async Task Without_servers_it_says_what_is_missing()
    {
        var gateway = _builder.AddNginx("gateway");

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => NginxModel.RenderAsync(gateway.Resource));

        Assert.Equal("'gateway' has nothing to serve: call WithLoadBalancing with the endpoints of the servers.", exception.Message);
    }

    [Fact]
    public async Task A_server_that_speaks_https_is_refused_by_name()
    {
        var server = _builder.AddExecutable("api", "api", ".").WithHttpsEndpoint(port: 5001, isProxied: false).GetEndpoint("https");
        var gateway = _builder.AddNginx("gateway").WithLoadBalancing([server]);

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => NginxModel.RenderAsync(gateway.Resource));

        Assert.Equal("The endpoint 'https' of 'api' is https: give an http endpoint to WithLoadBalancing.", exception.Message);
    }

    [Fact]
    public void Servers_are_given_once()
    {
        var gateway = _builder.AddNginx("gateway").WithLoadBalancing(NginxModel.Servers(_builder, 1));

        Assert.Throws<DistributedApplicationException>(() =>
            gateway.WithLoadBalancing(
                gateway
                    .Resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                    .Select(r => ((IResourceWithEndpoints)r.Resource).GetEndpoint("http"))
            )
        );
    }

    [Fact]
    public void A_gateway_for_no_servers_is_refused_when_the_model_is_built()
    {
        var exception = Assert.Throws<DistributedApplicationException>(() => _builder.AddNginx("gateway").WithLoadBalancing([]));

        Assert.Equal("'gateway' has no servers: give WithLoadBalancing the endpoint of at least one.", exception.Message);
    }

    [Fact]
    public async Task Its_configuration_is_written_from_addresses_that_are_known_late()
    {
        var servers = NginxModel.Servers(_builder, 2);
        var gateway = _builder.AddNginx("gateway").WithLoadBalancing(servers);

        var rendering = NginxModel.RenderAsync(gateway.Resource);
        Assert.False(rendering.IsCompleted);
        NginxModel.Allocate(servers[0], 5001);
        NginxModel.Allocate(servers[1], 5002);

        var files = await rendering.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.Equal(["nginx.conf"], files.Keys);
        Assert.Contains("server 127.0.0.1:5001 ", files["nginx.conf"], StringComparison.Ordinal);
        Assert.Contains("server 127.0.0.1:5002 ", files["nginx.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_writes_the_configuration_itself_from_all_that_is_known()
    {
        NginxConfigurationContext? known = null;
        var gateway = _builder
            .AddNginx("gateway", 9090)
            .WithHttps(9443)
            .WithStatus()
            .WithAccessLog("/srv/logs")
            .WithLoadBalancing(NginxModel.Servers(_builder, 2, port: 5001))
            .WithConfiguration(context =>
            {
                known = context;
                return new Dictionary<string, string> { ["nginx.conf"] = "events { }", ["conf.d/own.conf"] = "# own" };
            });
        NginxModel.Allocate(gateway.Resource.HttpsEndpoint, 9443);

        var files = await NginxModel.RenderAsync(gateway.Resource, ("Nginx:Version", "1.22.1"));

        Assert.Equal(["conf.d/own.conf", "nginx.conf", "tls/certificate-key.pem", "tls/certificate.pem"], files.Keys.Order());
        Assert.Equal("events { }", files["nginx.conf"]);
        Assert.Equal([new("api-1", "localhost", 5001), new("api-2", "localhost", 5002)], known!.Servers);
        Assert.Equal(gateway.Resource.PrimaryEndpoint.TargetPort, known.HttpPort);
        Assert.Equal(
            new(gateway.Resource.HttpsEndpoint.TargetPort!.Value, 9443, "tls/certificate.pem", "tls/certificate-key.pem"),
            known.Https
        );
        Assert.Equal(gateway.Resource.StatusEndpoint.TargetPort, known.StatusPort);
        Assert.Equal("/var/log/gateway/access.log", known.AccessLogFile);
        Assert.Equal(new(1, 22, 1), known.NginxVersion);
    }

    [Fact]
    public void Its_access_log_goes_to_one_folder_of_the_host()
    {
        var gateway = _builder.AddNginx("gateway").WithAccessLog("/srv/logs");

        var mount = Assert.Single(gateway.Resource.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal(
            ("/srv/logs", "/var/log/gateway", ContainerMountType.BindMount, false),
            (mount.Source, mount.Target, mount.Type, mount.IsReadOnly)
        );
        Assert.Throws<DistributedApplicationException>(() => gateway.WithAccessLog("/srv/other"));
    }

    [Fact]
    public void Its_status_has_a_port_of_its_own_that_is_not_for_the_outside()
    {
        var gateway = _builder.AddNginx("gateway", port: 9090).WithExternalHttpEndpoints().WithStatus();

        var status = gateway.Resource.StatusEndpoint;
        Assert.Equal(
            (false, false, "http"),
            (status.EndpointAnnotation.IsProxied, status.EndpointAnnotation.IsExternal, status.EndpointAnnotation.UriScheme)
        );
        Assert.NotEqual(gateway.Resource.PrimaryEndpoint.EndpointAnnotation.TargetPort, status.EndpointAnnotation.TargetPort);
    }
}
