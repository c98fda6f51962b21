using CliWrap;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Render;
using NeuroCred.Tests.Balancer.Deployment;
using NeuroCred.Tests.Balancer.Policy;

namespace NeuroCred.Tests.Balancer.Render;

/// <summary>The monitor in nginx's container: the container's command, with the real scripts, around programs that stand for nginx and for
/// the monitor.</summary>
[StartsProcesses]
public sealed partial class RenderMonitorTests : IDisposable
{
    private const string Serving = "echo begun; trap 'echo finished; exit 0' QUIT; while :; do sleep 0.1; done";

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);

    private static readonly Dictionary<string, string> s_files = new RenderTarget().RenderFiles(OtherPolicy.Value);

    private readonly TemporaryFolder _folder = new();

    private static string Dockerfile => s_files["gateway/Dockerfile"];

    // What would end with the container.
    public void Dispose()
    {
        foreach (var process in LinuxProcess.GetAll().Where(process => process.HasInEnvironment(_folder.Path)))
        {
            UnixSignal.Kill.SendTo(process.Id);
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Nginx_serves_on_when_the_monitor_is_killed_which_is_started_again()
    {
        await using var container = Start(Serving);
        var first = await FindMonitorAsync();

        UnixSignal.Kill.SendTo(first);
        var second = await FindMonitorAsync();

        Assert.NotEqual(first, second);
        Assert.False(container.HasEnded);
        // Told to end, as Render does: nginx finishes what it has.
        await container.EndAsync(UnixSignal.Terminate).WaitAsync(s_deadline, Cancellation);
        Assert.Equal(["begun", "finished"], container.Lines);
        Assert.Equal(0, await container.WaitForEndAsync(Cancellation));
    }

    [Fact]
    public async Task The_container_ends_with_nginx_though_the_monitor_runs()
    {
        await using var container = Start("while test ! -s monitor; do sleep 0.1; done; exit 3");

        Assert.Equal(3, await container.WaitForEndAsync(Cancellation).WaitAsync(s_deadline, Cancellation));
    }

    [Fact]
    public async Task It_asks_the_replicas_by_the_name_that_Render_gives_all_of_them()
    {
        await using var container = Start(Serving);
        await FindMonitorAsync();

        Assert.Equal(
            ["http://replicas-1a2b-discovery:5000", "http://replicas-1a2b-discovery:9091"],
            await File.ReadAllLinesAsync(_folder.At("discovery"), Cancellation)
        );
    }

    [Fact]
    public void It_has_the_policy_of_nginx_and_the_log_that_nginx_writes()
    {
        var gateway = Assert.Single(RenderBlueprint.Parse(s_files["render.yaml"]).Services, service => service.Type == "web");
        var settings = DeployedMonitor.Settings(OtherPolicy.Value);

        Assert.Equal(
            settings.Select(setting => (setting.Name, (string?)setting.Value)),
            gateway.EnvVars.Where(variable => variable.Key is not ("PORT" or "API_HOST")).Select(variable => (variable.Key, variable.Value))
        );
        Assert.Contains($"access_log {DeployedMonitor.AccessLog} ", s_files["gateway/nginx/nginx.conf"], StringComparison.Ordinal);
        Assert.Contains("listen 8081;", s_files["gateway/nginx/conf.d/status.conf"], StringComparison.Ordinal);
        // Of nginx's user, who the monitor is too.
        Assert.Contains($"install -d -o nginx {DeployedMonitor.LogFolder}\n", Dockerfile, StringComparison.Ordinal);
        Assert.Equal("nginx", Assert.Single(UserLine().Matches(Dockerfile)).Groups[1].Value);
    }

    // What clients reach is PORT alone.
    [Fact]
    public void Clients_do_not_reach_it()
    {
        var gateway = Assert.Single(RenderBlueprint.Parse(s_files["render.yaml"]).Services, service => service.Type == "web");

        Assert.Equal("8080", gateway.EnvVars.Single(variable => variable.Key == "PORT").Value);
        Assert.Equal("8090", gateway.EnvVars.Single(variable => variable.Key == "ASPNETCORE_HTTP_PORTS").Value);
    }

    [Fact]
    public void It_is_built_as_its_image_is()
    {
        var image = File.ReadAllText(Path.Combine(Repository.Folder, "eng/images/service/Dockerfile"));
        var sdk = SdkLine().Match(image).Groups[1].Value;

        Assert.Contains($"\nFROM {sdk} AS build\n", Dockerfile, StringComparison.Ordinal);
        Assert.Equal(
            PublishLine().Match(image).Value.Replace("${SERVICE}", "NeuroCred.Monitor", StringComparison.Ordinal),
            PublishLine().Match(Dockerfile).Value
        );
        Assert.Contains("ENV SERVICE=NeuroCred.Monitor", Dockerfile, StringComparison.Ordinal);
    }

    // The command of the container, with its files in a folder. What the monitor writes does not keep that of nginx from ending.
    private ChildProcess Start(string nginx)
    {
        foreach (var (path, content) in s_files.Where(file => file.Key.StartsWith("gateway/", StringComparison.Ordinal)))
        {
            _folder.Write(
                path,
                content
                    .Replace("/tmp/nginx", _folder.At("run"), StringComparison.Ordinal)
                    .Replace("/etc/resolv.conf", _folder.At("resolv.conf"), StringComparison.Ordinal)
                    .Replace(DeployedMonitor.AccessLog, _folder.At("access.log"), StringComparison.Ordinal)
            );
        }

        _folder.Write("resolv.conf", "search only.example\nnameserver 10.0.0.2\n");
        _folder.Write("bin/nginx", $"#!/usr/bin/env -S --default-signal=QUIT /bin/sh\n{nginx}\n");
        _folder.Write("bin/serve-always", $"#!/bin/sh\nexec bash {_folder.At("scripts/serve-always")} >/dev/null 2>&1\n");
        _folder.Write("bin/serve", $"#!/bin/sh\nexec bash {_folder.At("scripts/serve")}\n");
        foreach (var script in (string[])["serve-always", "serve"])
        {
            _folder.Write($"scripts/{script}", File.ReadAllText(Path.Combine(Repository.Folder, "eng/images/service", script)));
        }

        _folder.Write(
            "bin/NeuroCred.Monitor",
            $"""
            #!/bin/sh
            printf '%s\n' "$Monitor__Discovery__Url" "$Monitor__Discovery__ManagementUrl" >{_folder.At("discovery")}
            echo $$ >{_folder.At("monitor")}
            exec sleep 600
            """
        );
        return new(
            Cli.Wrap("/bin/sh")
                .WithArguments([
                    "-c",
                    CommandLine()
                        .Match(Dockerfile)
                        .Groups[1]
                        .Value.Replace("/gateway/", $"{_folder.Path}/gateway/", StringComparison.Ordinal),
                ])
                .WithWorkingDirectory(_folder.Path)
                .WithEnvironmentVariables(
                    new Dictionary<string, string?>
                    {
                        ["PATH"] = $"{_folder.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
                        ["SERVICE"] = "NeuroCred.Monitor",
                        ["API_HOST"] = "replicas-1a2b",
                    }
                )
        );
    }

    // Its id, which it writes when it has started.
    private async Task<int> FindMonitorAsync()
    {
        var file = _folder.At("monitor");
        await Until.HoldsAsync(
            () => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'),
            s_deadline,
            () => "The monitor was not started."
        );
        var id = int.Parse(await File.ReadAllTextAsync(file, Cancellation));
        File.Delete(file);
        return id;
    }

    [GeneratedRegex(@"(?ms)^CMD (.+)\n\z")]
    private static partial Regex CommandLine();

    [GeneratedRegex("(?m)^USER (.+)$")]
    private static partial Regex UserLine();

    [GeneratedRegex("(?m)^ARG SDK=(.+)$")]
    private static partial Regex SdkLine();

    [GeneratedRegex(@"(?m)^RUN dotnet publish (.+\\\n)*.+$")]
    private static partial Regex PublishLine();
}
