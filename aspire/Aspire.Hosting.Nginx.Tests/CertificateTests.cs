using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Nginx.Tests;

public sealed class CertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nginx-certificates-").FullName;
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_one_it_has_one_for_localhost_that_stays_the_same()
    {
        var gateway = AddGateway(null, null);

        var first = await NginxModel.RenderAsync(gateway);
        var second = await NginxModel.RenderAsync(gateway);

        Assert.Equal(first["tls/certificate.pem"], second["tls/certificate.pem"]);
        using var certificate = X509Certificate2.CreateFromPem(first["tls/certificate.pem"], first["tls/certificate-key.pem"]);
        Assert.True(certificate.MatchesHostname("localhost"));
        Assert.True(certificate.MatchesHostname("127.0.0.1"));
        Assert.False(gateway.HttpsEndpoint.EndpointAnnotation.IsProxied);
    }

    [Fact]
    public async Task The_given_one_is_used()
    {
        var tls = Write("api");

        var files = await NginxModel.RenderAsync(AddGateway($"{_folder}/api.pem", $"{_folder}/api-key.pem"));

        Assert.Equal((tls.Certificate, tls.CertificateKey), (files["tls/certificate.pem"], files["tls/certificate-key.pem"]));
    }

    [Theory]
    [InlineData("api.pem", "other-key.pem")]
    [InlineData("api.pem", "none.pem")]
    public async Task One_that_cannot_be_used_is_named(string certificate, string key)
    {
        Write("api");
        Write("other");

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            NginxModel.RenderAsync(AddGateway($"{_folder}/{certificate}", $"{_folder}/{key}"))
        );

        Assert.StartsWith(
            $"'gateway' cannot use the certificate '{_folder}/{certificate}' with the key '{_folder}/{key}': give ",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void One_without_its_key_is_refused() =>
        Assert.Throws<ArgumentException>(() => _builder.AddNginx("gateway").WithHttps(certificate: "api.pem"));

    private NginxResource AddGateway(string? certificate, string? key)
    {
        var gateway = _builder
            .AddNginx("gateway")
            .WithHttps(9443, certificate, key)
            .WithLoadBalancing(NginxModel.Servers(_builder, 1, port: 5001))
            .Resource;
        NginxModel.Allocate(gateway.HttpsEndpoint, 9443);
        return gateway;
    }

    private TlsFiles Write(string name)
    {
        var tls = DevelopmentCertificate.Create(DateTimeOffset.UtcNow);
        File.WriteAllText($"{_folder}/{name}.pem", tls.Certificate);
        File.WriteAllText($"{_folder}/{name}-key.pem", tls.CertificateKey);
        return tls;
    }
}
