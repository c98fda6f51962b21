using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Nginx;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuroCred.Tests.Balancer.Nginx;

namespace NeuroCred.Tests.Nginx;

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
        var servers = Replicas(3);
        // Two endpoints of one resource are one relationship.
        var gateway = _builder.AddNginx("gateway").WithLoadBalancing([.. servers, servers[0]]);

        var relationships = gateway.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().ToList();
        Assert.Equal(["api-1", "api-2", "api-3"], relationships.Select(r => r.Resource.Name));
        Assert.All(relationships, r => Assert.Equal("Reference", r.Type));
        Assert.Empty(gateway.Resource.Annotations.OfType<WaitAnnotation>());
    }

    [Fact]
    public void Its_health_is_checked()
        => Assert.Single(_builder.AddNginx("gateway").Resource.Annotations.OfType<HealthCheckAnnotation>());

    [Fact]
    public async Task Its_configuration_is_written_from_addresses_that_are_known_late()
    {
        var servers = Replicas(2);
        var gateway = _builder.AddNginx("gateway").WithLoadBalancing(servers);

        var rendering = RenderAsync(gateway.Resource);
        Assert.False(rendering.IsCompleted);
        Allocate(servers[0], 5001);
        Allocate(servers[1], 5002);

        var files = await rendering.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(["conf.d/gateway.conf", "conf.d/problems.conf", "nginx.conf"], files.Keys.Order());
        Assert.Contains("upstream neurocred_backend {", files["conf.d/gateway.conf"], StringComparison.Ordinal);
        Assert.Contains("server 127.0.0.1:5001 ", files["conf.d/gateway.conf"], StringComparison.Ordinal);
        Assert.Contains("server 127.0.0.1:5002 ", files["conf.d/gateway.conf"], StringComparison.Ordinal);
        Assert.Contains($"listen {gateway.Resource.PrimaryEndpoint.TargetPort};", files["conf.d/gateway.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_access_log_goes_to_a_folder_of_the_host_as_well()
    {
        var gateway = _builder.AddNginx("gateway").WithLoadBalancing(Replicas(1, port: 5001)).WithAccessLog("/srv/logs");

        var mount = Assert.Single(gateway.Resource.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal(("/srv/logs", "/var/log/gateway", ContainerMountType.BindMount, false), (mount.Source, mount.Target, mount.Type, mount.IsReadOnly));
        var files = await RenderAsync(gateway.Resource);
        Assert.Contains("access_log /dev/stdout gateway ", files["nginx.conf"], StringComparison.Ordinal);
        Assert.Contains("access_log /var/log/gateway/access.log gateway ", files["nginx.conf"], StringComparison.Ordinal);
        Assert.Throws<DistributedApplicationException>(() => gateway.WithAccessLog("/srv/other"));
    }

    [Fact]
    public async Task Its_status_has_a_port_of_its_own_that_is_not_for_the_outside()
    {
        var gateway = _builder.AddNginx("gateway", port: 9090).WithLoadBalancing(Replicas(1, port: 5001)).WithExternalHttpEndpoints().WithStatus();

        var status = gateway.Resource.StatusEndpoint;
        Assert.Equal((false, false, "http"), (status.EndpointAnnotation.IsProxied, status.EndpointAnnotation.IsExternal, status.EndpointAnnotation.UriScheme));
        Assert.NotEqual(gateway.Resource.PrimaryEndpoint.EndpointAnnotation.TargetPort, status.EndpointAnnotation.TargetPort);
        var files = await RenderAsync(gateway.Resource);
        Assert.Contains($"listen {status.TargetPort};", files["conf.d/status.conf"], StringComparison.Ordinal);
        Assert.DoesNotContain("stub_status", files["conf.d/gateway.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_servers_it_says_what_is_missing()
    {
        var gateway = _builder.AddNginx("gateway");

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => RenderAsync(gateway.Resource));

        Assert.Equal("'gateway' has nothing to serve: call WithLoadBalancing with the endpoints of the servers.", exception.Message);
    }

    [Fact]
    public async Task A_server_that_speaks_https_is_refused_by_name()
    {
        var server = _builder.AddExecutable("api", "api", ".").WithHttpsEndpoint(port: 5001, isProxied: false).GetEndpoint("https");
        var gateway = _builder.AddNginx("gateway").WithLoadBalancing([server]);

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => RenderAsync(gateway.Resource));

        Assert.Equal("The endpoint 'https' of 'api' is https: give an http endpoint to WithLoadBalancing.", exception.Message);
    }

    [Fact]
    public void Servers_are_given_once()
    {
        var gateway = _builder.AddNginx("gateway").WithLoadBalancing(Replicas(1));

        Assert.Throws<DistributedApplicationException>(() => gateway.WithLoadBalancing(gateway.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => ((IResourceWithEndpoints)r.Resource).GetEndpoint("http"))));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_and_by_name()
    {
        var gateway = _builder.AddNginx("gateway");

        var exception = Assert.Throws<DistributedApplicationException>(() => gateway.WithLoadBalancing([], new()
        {
            Upstream = new() { Name = "back end" },
            ServerName = "api.neurocred.io\r\n",
            Failures = new() { MaxFails = -1, FailTimeout = TimeSpan.FromMilliseconds(1500) },
            Retries = new() { TotalTime = TimeSpan.FromSeconds(10) },
        }));

        Assert.Equal(
            """
            The load balancing of 'gateway' is invalid.
            There are no servers: give the endpoint of at least one.
            Upstream:Name is 'back end': give letters, digits, '_', '-' and '.'.
            ServerName is 'api.neurocred.io\x0d\x0a': remove the carriage return (CR), which could end the line and begin another directive.
            Failures:MaxFails is -1: give 0 to 2147483647.
            Failures:FailTimeout is 1500ms: give whole seconds, 1s to 1h.
            Retries:TotalTime is 10s, and Timeouts:Read 10s: give the former more, or no request that a replica left unanswered would be sent to another.
            """.ReplaceLineEndings(),
            exception.Message);
        Assert.Empty(gateway.Resource.Annotations.OfType<ResourceRelationshipAnnotation>());
    }

    [Fact]
    public async Task With_HTTPS_it_has_a_certificate_of_its_own_that_stays_the_same_and_redirects_to_the_port_that_clients_use()
    {
        var gateway = _builder.AddNginx("gateway").WithHttps(9443).WithLoadBalancing(Replicas(1, port: 5001), new() { Tls = new() { RedirectHttp = true } });
        gateway.Resource.HttpsEndpoint.EndpointAnnotation.AllocatedEndpoint = new(gateway.Resource.HttpsEndpoint.EndpointAnnotation, "localhost", 9443);

        var first = await RenderAsync(gateway.Resource);
        var second = await RenderAsync(gateway.Resource);

        Assert.StartsWith("-----BEGIN CERTIFICATE-----", first["tls/certificate.pem"], StringComparison.Ordinal);
        Assert.Equal(first["tls/certificate.pem"], second["tls/certificate.pem"]);
        Assert.Contains("https://$host:9443$request_uri", first["conf.d/gateway.conf"], StringComparison.Ordinal);
        Assert.False(gateway.Resource.HttpsEndpoint.EndpointAnnotation.IsProxied);
    }

    [Theory]
    [InlineData("1.22.1", "ssl http2;")]
    [InlineData("1.30", "http2 on;")]
    public async Task What_is_written_suits_the_version_that_runs(string version, string expected)
    {
        var gateway = _builder.AddNginx("gateway").WithHttps(9443).WithLoadBalancing(Replicas(1, port: 5001));
        gateway.Resource.HttpsEndpoint.EndpointAnnotation.AllocatedEndpoint = new(gateway.Resource.HttpsEndpoint.EndpointAnnotation, "localhost", 9443);

        var files = await RenderAsync(gateway.Resource, ("Nginx:Version", version));

        Assert.Contains(expected, files["conf.d/gateway.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_own_certificate_is_used_and_one_that_cannot_be_fails_the_start_by_name()
    {
        using var folder = new TemporaryFolder();
        var (certificate, key) = ($"{folder.Path}/api.pem", $"{folder.Path}/api-key.pem");
        var tls = DevelopmentCertificate.Create(DateTimeOffset.UtcNow);
        await File.WriteAllTextAsync(certificate, tls.Certificate, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(key, tls.CertificateKey, TestContext.Current.CancellationToken);

        Assert.Equal(tls, TlsFiles.TryRead(new() { Certificate = certificate, CertificateKey = key }, out _));

        await File.WriteAllTextAsync(key, DevelopmentCertificate.Create(DateTimeOffset.UtcNow).CertificateKey, TestContext.Current.CancellationToken);
        Assert.Null(TlsFiles.TryRead(new() { Certificate = certificate, CertificateKey = key }, out var noPair));
        Assert.Contains("are no pair", noPair, StringComparison.Ordinal);
        Assert.Null(TlsFiles.TryRead(new() { Certificate = certificate, CertificateKey = $"{folder.Path}/none.pem" }, out var missing));
        Assert.StartsWith("Tls:CertificateKey is '", missing, StringComparison.Ordinal);
    }

    // The references name their network, since only there may a test place an address under the official packages too.
    private EndpointReference[] Replicas(int count, int? port = null)
    {
        EndpointReference[] replicas =
        [
            .. Enumerable.Range(1, count).Select(i => _builder.AddExecutable($"api-{i}", "api", ".").WithHttpEndpoint(isProxied: false)
                .Resource.GetEndpoint("http", KnownNetworkIdentifiers.LocalhostNetwork)),
        ];
        if (port is { } first)
        {
            replicas.Index().ToList().ForEach(replica => Allocate(replica.Item, first + replica.Index));
        }

        return replicas;
    }

    private static void Allocate(EndpointReference server, int port)
        => server.EndpointAnnotation.AllocatedEndpoint = new(server.EndpointAnnotation, "localhost", port);

    private static async Task<IReadOnlyDictionary<string, string?>> RenderAsync(NginxResource nginx, params (string Key, string Value)[] settings)
    {
        var annotation = Assert.Single(nginx.Annotations.OfType<ContainerFileSystemCallbackAnnotation>());
        Assert.Equal("/etc/nginx", annotation.DestinationPath);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, string? (s) => s.Value)).Build();
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).BuildServiceProvider();
        var items = await annotation.Callback(new() { Model = nginx, Services = services }, TestContext.Current.CancellationToken);
        return Flatten("", items).ToDictionary();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Flatten(string folder, IEnumerable<ContainerFileSystemItem> items) => items.SelectMany(item => item switch
    {
        ContainerDirectory directory => Flatten($"{folder}{directory.Name}/", directory.Entries),
        ContainerFile file => [new(folder + file.Name, file.Contents)],
        _ => throw new InvalidOperationException($"'{item.Name}' is neither a file nor a folder."),
    });
}
