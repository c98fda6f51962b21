using CliWrap;
using NeuroCred.Balancer.Alb;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Tests.Balancer.Deployment;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>What starts nginx on Render, on AWS and in Kubernetes, around a program that stands for nginx.</summary>
[StartsProcesses]
public sealed class GatewayServiceTests : IDisposable
{
    private const string SeveralDomains = "search first.example known.example\nnameserver 10.0.0.2\n";

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("api.neurocred.internal", "nameserver 10.0.0.2\nsearch ec2.internal\n", "api.neurocred.internal:4000", "10.0.0.2")]
    [InlineData("api-discovery", SeveralDomains, "api-discovery.known.example:4000", "10.0.0.2")]
    [InlineData("new-discovery", "search only.example \nnameserver 10.0.0.2\n", "new-discovery.only.example:4000", "10.0.0.2")]
    [InlineData("api-discovery", "nameserver fd00:10::a\nnameserver 10.0.0.2\n", "api-discovery:4000", "[fd00:10::a]")]
    public async Task Nginx_asks_the_containers_DNS_server_for_the_replicas_whole_name(
        string replicas,
        string resolver,
        string expectedServer,
        string expectedDns
    )
    {
        // A container that is started again finds what the one before left.
        foreach (var _ in (int[])[1, 2])
        {
            await using var start = Start(replicas, resolver, "exit 0");
            Assert.Equal(0, await start.WaitForEndAsync(Cancellation).WaitAsync(s_deadline, Cancellation));
        }

        var gateway = await File.ReadAllTextAsync(At("run/configuration/conf.d/gateway.conf"), Cancellation);
        Assert.Contains($"\n    server {expectedServer} ", gateway, StringComparison.Ordinal);
        Assert.Contains($"\n    resolver {expectedDns} valid=1s", gateway, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Started_before_any_replica_it_waits_until_a_domain_of_the_search_list_has_their_name()
    {
        const string name = "new-discovery.known.example";
        await using var start = Start(
            "new-discovery",
            SeveralDomains,
            "exit 0",
            line =>
            {
                if (line == $"asked {name}")
                {
                    File.WriteAllText(At("known"), name);
                }
            }
        );

        Assert.Equal(0, await start.WaitForEndAsync(Cancellation).WaitAsync(s_deadline, Cancellation));
        Assert.InRange(start.Lines.Count(line => line == $"asked {name}"), 2, 30);
        var gateway = await File.ReadAllTextAsync(At("run/configuration/conf.d/gateway.conf"), Cancellation);
        Assert.Contains($"\n    server {name}:4000 ", gateway, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_no_domain_gets_is_told_and_ends_the_container_so_that_the_platform_starts_another()
    {
        await using var start = Start("wrong-discovery", SeveralDomains, "exit 0", second: "0");

        Assert.Equal(1, await start.WaitForEndAsync(Cancellation).WaitAsync(s_deadline, Cancellation));
        Assert.Equal(
            "REPLICAS is 'wrong-discovery', a name that no domain of the search list (first.example known.example) has. "
                + "Start a replica, or correct the name.",
            start.Lines.Last()
        );
        Assert.Equal(2 * 30, start.Lines.Count(line => line.StartsWith("asked ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Told_to_end_as_platforms_do_nginx_finishes_the_requests_that_it_has()
    {
        var begun = new TaskCompletionSource();
        await using var start = Start(
            "api.example.org",
            "nameserver 10.0.0.2\n",
            """
            trap 'echo finished; exit 0' QUIT
            trap 'echo dropped; exit 1' TERM
            echo begun
            while :; do sleep 0.1; done
            """,
            line => _ = line == "begun" && begun.TrySetResult()
        );
        await begun.Task.WaitAsync(s_deadline, Cancellation);

        await start.EndAsync(UnixSignal.Terminate).WaitAsync(s_deadline, Cancellation);

        Assert.Equal(["begun", "finished"], start.Lines);
        Assert.Equal(0, await start.WaitForEndAsync(Cancellation));
    }

    [Theory]
    [InlineData("exit 3")]
    // A worker that outlives nginx, as one that was killed leaves it. It ends with this test.
    [InlineData("touch worker; (while test -e worker; do sleep 0.1; done) 2>/dev/null & exit 3")]
    public async Task The_container_ends_with_nginx_so_that_the_platform_starts_another(string nginx)
    {
        await using var start = Start("api.example.org", "nameserver 10.0.0.2\n", nginx);

        Assert.NotEqual(0, await start.WaitForEndAsync(Cancellation).WaitAsync(s_deadline, Cancellation));
    }

    [Fact]
    public async Task A_log_that_no_monitor_empties_does_not_fill_the_disk()
    {
        var log = At("access.log");
        await using var start = Start(
            "api.example.org",
            "nameserver 10.0.0.2\n",
            $$"""
            truncate -s 33554432 {{log}}
            sleep 0.5
            echo "kept $(stat -c %s {{log}})"
            echo >>{{log}}
            while test -s {{log}}; do sleep 0.1; done
            """
        );

        Assert.Equal(0, await start.WaitForEndAsync(Cancellation).WaitAsync(s_deadline, Cancellation));
        Assert.Equal(["kept 33554432"], start.Lines);
    }

    [Fact]
    public async Task On_AWS_the_command_of_the_task_writes_the_files_as_they_are()
    {
        Assert.SkipWhen(Tool.Find("terraform") is null, "terraform is not installed.");
        var files = new AlbTarget().RenderFiles();
        var module = files["gateway.tf"];
        var locals = module[module.IndexOf("locals {", StringComparison.Ordinal)..];
        locals = locals[..(locals.IndexOf("\n}\n", StringComparison.Ordinal) + 3)];
        // Without the module's resources, whose provider is not here.
        _folder.Write(
            "module/locals.tf",
            string.Join('\n', locals.Split('\n').Where(line => !line.Contains("aws_", StringComparison.Ordinal)))
        );
        var given = files.Where(file => file.Key.StartsWith("gateway/", StringComparison.Ordinal)).ToList();
        given.ForEach(file => _folder.Write($"module/{file.Key}", file.Value));

        var (code, output) = await Tool.RunInAsync(
            At("module"),
            "/bin/sh",
            "-c",
            "echo 'base64encode(local.gateway_command)' | terraform console 2>/dev/null"
        );
        Assert.True(code == 0, output);
        var command = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(output.Trim().Trim('"')));
        Assert.EndsWith("\nexec /bin/sh /tmp/gateway/start.sh", command, StringComparison.Ordinal);
        (code, output) = await Tool.RunAsync(
            "/bin/sh",
            "-ec",
            command.Replace("exec ", ": ", StringComparison.Ordinal).Replace("/tmp/gateway", At("gateway"), StringComparison.Ordinal)
        );

        Assert.True(code == 0, output);
        Assert.All(given.Where(file => file.Key != "gateway/start.sh"), file => Assert.Equal(file.Value, File.ReadAllText(At(file.Key))));
        Assert.True(File.Exists(At("gateway/start.sh")));
        // What AWS takes of a task definition, all in all.
        Assert.InRange(command.Length, 1, 48 * 1024);
    }

    private string At(string name) => _folder.At(name);

    private ChildProcess Start(string replicas, string resolver, string nginx, Action<string>? heard = null, string second = "1")
    {
        foreach (var file in GatewayService.Render(new(), [], seesClients: false))
        {
            _folder.Write(
                file.Path,
                file.Content.Replace("/tmp/nginx", At("run"), StringComparison.Ordinal)
                    .Replace("/etc/resolv.conf", At("resolv.conf"), StringComparison.Ordinal)
                    .Replace("sleep 1", $"sleep {second}", StringComparison.Ordinal)
                    .Replace("sleep 5", "sleep 0.1", StringComparison.Ordinal)
                    .Replace(DeployedMonitor.AccessLog, At("access.log"), StringComparison.Ordinal)
            );
        }

        _folder.Write("resolv.conf", resolver);
        // A shell starts what runs beside it with SIGQUIT ignored, which nginx takes back, and a shell cannot.
        _folder.Write("bin/nginx", $"#!/usr/bin/env -S --default-signal=QUIT /bin/sh\n{nginx}\n");
        _folder.Write("known", "api-discovery.known.example");
        _folder.Write("bin/getent", "#!/bin/sh\nknown=$(cat known)\necho \"asked $2\" >&2\ntest \"$2\" = \"$known\"\n");
        return new(
            Cli.Wrap("/bin/sh")
                .WithArguments([At("gateway/start.sh")])
                .WithWorkingDirectory(_folder.Path)
                .WithEnvironmentVariables(
                    new Dictionary<string, string?>
                    {
                        ["PATH"] = $"{At("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
                        ["REPLICAS"] = replicas,
                    }
                ),
            heard
        );
    }
}
