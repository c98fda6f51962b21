using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Nginx.Tests;

/// <summary>What nginx reads unless the application writes it. Needs nginx on this machine.</summary>
public sealed class DefaultConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nginx-default-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, false, false, false)]
    [InlineData(3, false, false, false)]
    [InlineData(1, true, false, false)]
    [InlineData(1, false, true, false)]
    [InlineData(1, false, false, true)]
    [InlineData(3, true, true, true)]
    public async Task Nginx_accepts_it_without_a_warning(int servers, bool https, bool status, bool accessLog)
    {
        var context = new NginxConfigurationContext
        {
            Servers =
            [
                .. Enumerable.Range(1, servers).Select(i => new NginxUpstreamServer($"api-{i}", i == 2 ? "::1" : "localhost", 5000 + i)),
            ],
            HttpPort = 8080,
            Https = https ? new(8443, 9443, "tls/certificate.pem", "tls/certificate-key.pem") : null,
            StatusPort = status ? 8081 : null,
            AccessLogFile = accessLog ? $"{_folder}/access.log" : null,
            NginxVersion = await ReadVersionAsync(),
        };
        var tls = DevelopmentCertificate.Create(DateTimeOffset.UtcNow);
        Directory.CreateDirectory($"{_folder}/tls");
        await File.WriteAllTextAsync($"{_folder}/tls/certificate.pem", tls.Certificate, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync($"{_folder}/tls/certificate-key.pem", tls.CertificateKey, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            $"{_folder}/nginx.conf",
            DefaultConfiguration.Render(context)["nginx.conf"],
            TestContext.Current.CancellationToken
        );

        var said = await RunAsync("-t", "-q", "-p", _folder, "-c", "nginx.conf", "-e", "stderr");

        Assert.Equal("", said);
    }

    // nginx version: nginx/1.22.1 (Ubuntu)
    private static async Task<Version> ReadVersionAsync() => Version.Parse((await RunAsync("-v")).Split('/')[1].Split(' ')[0].Trim());

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, "nginx"))
            .First(File.Exists);
        using var nginx = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;
        var said = await nginx.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await nginx.WaitForExitAsync(TestContext.Current.CancellationToken);
        return said;
    }
}
