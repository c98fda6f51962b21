using NeuroCred.Benchmarks.UnderTest;
using NeuroCred.Tests.Balancer.Compose;

namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>deploy/compose as it is checked in, on a free port and with data and secrets that go with it.</summary>
internal sealed class ComposeStack : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly string _project = $"neurocred-test-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = LocalPort.FindFree();
    private readonly int _monitorPort = LocalPort.FindFree();
    private readonly ComposeCommand _compose;
    private string _image = DockerEngine.Image;

    private ComposeStack(ComposeCommand compose, ITestOutputHelper output)
    {
        _compose = compose;
        System = new(new($"http://127.0.0.1:{_port}"), FindAsync, output);
        Monitor = new(AskMonitorAsync, FindAsync);
    }

    public DeployedSystem System { get; }

    public ShownSystem Monitor { get; }

    /// <summary>Starts it; skips the test where nothing can.</summary>
    public static async Task<ComposeStack> StartAsync(ITestOutputHelper output)
    {
        await DockerEngine.RequireAsync();
        Assert.SkipWhen(ComposeCommand.Installed is null, "Neither docker-compose nor docker compose is installed.");
        var stack = new ComposeStack(ComposeCommand.Installed, output);
        try
        {
            var started = Stopwatch.GetTimestamp();
            Copy(Path.Combine(Repository.Folder, "deploy", "compose"), stack._folder.Path);
            await File.WriteAllTextAsync(stack._folder.At("compose.override.yaml"), OneAddress.Compose);
            Directory.CreateDirectory(stack._folder.At("secrets"));
            await File.WriteAllTextAsync(stack._folder.At("secrets/Api__Key"), Workload.ApiKey);
            var (code, said) = await Tool.RunInAsync(stack._folder.Path, stack._folder.At("secrets.sh"));
            Assert.True(code == 0, said);
            await stack.ComposeAsync("up", "--detach");
            await stack.System.WaitUntilServingAsync(replicas: 3);
            output.WriteLine($"Up and serving after {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s.");
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>The containers of a service that run.</summary>
    public Task<IReadOnlyList<string>> FindAsync(string service) =>
        DockerEngine.ListAsync(
            "ps",
            "--quiet",
            "--filter",
            $"label=com.docker.compose.project={_project}",
            "--filter",
            $"label=com.docker.compose.service={service}"
        );

    /// <summary>Does something to a replica's first process, and waits until it runs in another one and serves again.</summary>
    public static async Task ReplaceProcessAsync(string container, Action<int> strike)
    {
        var pid = await ContainerProcess.GetPidAsync(container);
        strike(pid);
        for (var waited = Stopwatch.StartNew(); ; )
        {
            if (
                await ContainerProcess.GetPidAsync(container) is var now
                && now != 0
                && now != pid
                && (await Tool.RunAsync("docker", "exec", container, "health")).Code == 0
            )
            {
                return;
            }

            Assert.True(waited.Elapsed < s_deadline, $"{container} is not back.");
            await Task.Delay(100, Cancellation);
        }
    }

    /// <summary>Fills the volume of the gateway's log while the monitor is killed, and waits until it runs again.</summary>
    public async Task LoseMonitorAsync()
    {
        var (gateway, monitor) = (Assert.Single(await FindAsync("gateway")), Assert.Single(await FindAsync("monitor")));
        const string fill = "/var/log/neurocred/fill";
        var (_, said) = await Tool.RunAsync("docker", ["exec", gateway, "sh", "-c", $"head -c 64m /dev/zero > {fill}"]);
        Assert.Contains("No space left", said, StringComparison.Ordinal);
        await ReplaceProcessAsync(monitor, pid => Assert.True(UnixSignal.Kill.SendTo(pid)));
        await DockerEngine.RunAsync("exec", gateway, "rm", fill);
    }

    /// <summary>Changes the version as its script does.</summary>
    public async Task UpdateAsync(string image)
    {
        await DockerEngine.RunAsync("tag", DockerEngine.Image, image);
        _image = image;
        var (code, output) = await Tool.RunAsync(
            _folder.At("update.sh"),
            _folder.Path,
            new Dictionary<string, string>(Variables) { ["COMPOSE"] = $"{_compose} --project-name {_project}" }
        );
        Assert.True(code == 0, output);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down", "--volumes", "--timeout", "1");
        _folder.Dispose();
    }

    /// <summary>Runs a command of Compose's, which must succeed.</summary>
    public async Task ComposeAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        Assert.True(code == 0, output);
    }

    private Task<(int Code, string Output)> RunAsync(params string[] arguments) =>
        _compose.RunAsync(_folder.Path, Variables, ["--project-name", _project, .. arguments]);

    private async Task<string> AskMonitorAsync(string path)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{_monitorPort}{path}"), Cancellation);
    }

    private Dictionary<string, string> Variables =>
        new()
        {
            ["NEUROCRED_HTTP"] = $"127.0.0.1:{_port}",
            ["NEUROCRED_MONITOR"] = $"127.0.0.1:{_monitorPort}",
            ["NEUROCRED_API_IMAGE"] = _image,
        };

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy); // with its mode, which the scripts need
        }
    }
}
