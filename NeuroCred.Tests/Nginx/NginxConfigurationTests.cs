using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.Nginx.Configuration;
using NeuroCred.Tests.Snapshots;

namespace NeuroCred.Tests.Nginx;

public sealed class NginxConfigurationTests
{
    public static TheoryData<string> Settings { get; } = [.. TestConfigurations.All.Keys];

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_rendered_configuration_is_the_one_that_was_reviewed(string settings)
        => Snapshot.Matches(TestConfigurations.All[settings].RenderGateway(), $"Nginx/Expected/{settings}.conf");

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Nginx_accepts_every_rendered_configuration(string settings)
    {
        var nginx = FindNginx();
        Assert.SkipWhen(nginx is null, "nginx is not installed: ./setup.sh installs it.");
        using var folder = new TemporaryFolder();
        folder.Write(TestConfigurations.All[settings]);

        // Its standard output is a pipe of ours: the access log opens it anew, which a socket, or another user's pipe, refuses.
        using var process = Process.Start(new ProcessStartInfo(nginx!, ["-t", "-p", folder.Path, "-c", "nginx.conf", "-e", "stderr"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output);
        // A warning is a directive that does not do what it says.
        Assert.DoesNotContain("[warn]", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Localhost_is_one_server_and_not_one_per_address_family()
        => Assert.Contains("server 127.0.0.1:4001 max_fails=", TestConfigurations.All["defaults"].RenderGateway(), StringComparison.Ordinal);

    [Fact]
    public void A_value_cannot_end_its_directive()
        => Assert.Contains(""" server_name "~^(?<tenant>[a-z]{1,8})\\.x\"; } # {{listen}} $"; """.Trim(), TestConfigurations.All["names-that-need-quotes"].RenderGateway(), StringComparison.Ordinal);

    [Theory]
    [InlineData("\r", "carriage return (CR)")]
    [InlineData("\n", "line feed (LF)")]
    [InlineData("\0", "control character 0x00")]
    public void An_address_with_a_line_end_is_refused_by_name(string end, string name)
    {
        var configuration = TestConfigurations.All["defaults"] with { Servers = [new("api-1", $"evil{end}host", 4001)] };

        var exception = Assert.Throws<DistributedApplicationException>(configuration.RenderGateway);

        Assert.Contains("'api-1'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(end, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_placeholder_that_an_operator_misspelt_is_named_together_with_the_known_ones()
    {
        var template = new NginxTemplate("conf.d/x.conf", "listen {{lisen}};");

        var exception = Assert.Throws<DistributedApplicationException>(() => template.Render(new Dictionary<string, string> { ["listen"] = "80" }));

        Assert.Equal("The template 'nginx/conf.d/x.conf' has a placeholder {{lisen}}, and nothing of that name: use one of listen.", exception.Message);
    }

    private static string? FindNginx()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Select(folder => Path.Combine(folder, "nginx")).FirstOrDefault(File.Exists);

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("nginx-test-").FullName;

        public void Write(NginxConfiguration configuration)
        {
            Directory.CreateDirectory($"{Path}/conf.d");
            File.WriteAllText($"{Path}/nginx.conf", NginxConfiguration.RenderMain());
            File.WriteAllText($"{Path}/conf.d/gateway.conf", configuration.RenderGateway());
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
