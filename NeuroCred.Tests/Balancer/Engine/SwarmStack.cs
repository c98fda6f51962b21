using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>deploy/swarm as it is checked in, on a swarm of this one machine that goes with it.</summary>
internal sealed class SwarmStack : IAsyncDisposable
{
    private const string Name = "neurocredtest";
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(240);
    private static readonly string s_folder = Path.Combine(Repository.Folder, "deploy", "swarm");

    private readonly int _port = LocalPort.FindFree();
    private readonly string _limits = Path.GetTempFileName();
    private readonly ITestOutputHelper _output;

    private SwarmStack(ITestOutputHelper output)
    {
        _output = output;
        System = new(new($"http://127.0.0.1:{_port}"), FindAsync, output);
    }

    public DeployedSystem System { get; }

    public ShownSystem Monitor { get; } = new(AskMonitorAsync, FindAsync);

    /// <summary>Skips the test where nothing can start it, and where a swarm could be somebody's.</summary>
    public static async Task RequireAsync()
    {
        await DockerEngine.RequireAsync();
        Assert.SkipWhen(
            await DockerEngine.RunAsync("info", "--format", "{{.Swarm.LocalNodeState}}") != "inactive",
            "This machine is part of a swarm, which the test leaves alone."
        );
    }

    /// <summary>Starts it; skips the test where nothing can.</summary>
    public static async Task<SwarmStack> StartAsync(ITestOutputHelper output)
    {
        await RequireAsync();
        var stack = new SwarmStack(output);
        try
        {
            var started = Stopwatch.GetTimestamp();
            await DockerEngine.RunAsync("swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377");
            await DockerEngine.RunAsync(
                "node",
                "update",
                "--label-add",
                "neurocred.data=true",
                await DockerEngine.RunAsync("info", "--format", "{{.Swarm.NodeID}}")
            );
            var (code, said) = await Tool.RunAsync(
                Path.Combine(s_folder, "secrets.sh"),
                s_folder,
                new Dictionary<string, string> { ["NEUROCRED_API_KEY"] = Workload.ApiKey }
            );
            Assert.True(code == 0, said);
            await File.WriteAllTextAsync(stack._limits, $"version: \"3.9\"\n{OneAddress.Compose}");
            await stack.DeployAsync(DockerEngine.Image);
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
    public static Task<IReadOnlyList<string>> FindAsync(string service) =>
        DockerEngine.ListAsync("ps", "--quiet", "--filter", $"label=com.docker.swarm.service.name={Name}_{service}");

    /// <summary>Deploys the stack with an image for the service.</summary>
    public Task DeployAsync(string image) =>
        DockerEngine.RunAsync(
            s_folder,
            new Dictionary<string, string> { ["NEUROCRED_HTTP"] = _port.ToString(), ["NEUROCRED_API_IMAGE"] = image },
            "stack",
            "deploy",
            "--compose-file",
            "stack.yaml",
            "--compose-file",
            _limits,
            "--resolve-image",
            "never",
            Name
        );

    /// <summary>Deploys an image, and waits until the swarm says what came of it.</summary>
    /// <returns>The state of the update: <c>completed</c> or <c>rollback_completed</c>.</returns>
    public async Task<string> UpdateAsync(string image)
    {
        var started = Stopwatch.GetTimestamp();
        var before = await GetUpdateAsync("StartedAt");
        await DeployAsync(image);
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(200, Cancellation))
        {
            var state = await GetUpdateAsync("State");
            if (
                await GetUpdateAsync("StartedAt") != before
                && state is "completed" or "rollback_completed" or "paused" or "rollback_paused"
            )
            {
                _output.WriteLine($"{image}: {state} after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
                return state;
            }

            Assert.True(waited.Elapsed < s_deadline, $"The update to {image} is {state} after {s_deadline.TotalSeconds} s.");
        }
    }

    /// <summary>Waits until a number of replicas are healthy.</summary>
    public static Task WaitUntilHealthyAsync(int replicas) =>
        DockerEngine.WaitUntilHealthyAsync(replicas, $"label=com.docker.swarm.service.name={Name}_api");

    /// <summary>Waits until a replica's container does not run any more: until then it may still count as healthy.</summary>
    public static Task WaitUntilGoneAsync(string container) =>
        Until.HoldsAsync(
            async () => !(await FindAsync("api")).Contains(container),
            s_deadline,
            () => $"The container {container} still runs."
        );

    // Asked inside the container: its port is not published.
    private static async Task<string> AskMonitorAsync(string path)
    {
        var answer = await DockerEngine.RunAsync(
            "exec",
            Assert.Single(await FindAsync("monitor")),
            "bash",
            "-c",
            $"exec 3<>/dev/tcp/127.0.0.1/8090; printf 'GET {path} HTTP/1.0\r\n\r\n' >&3; cat <&3"
        );
        return answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }

    /// <summary>The image that the service has.</summary>
    public static Task<string> GetImageAsync() =>
        DockerEngine.RunAsync("service", "inspect", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Image}}", $"{Name}_api");

    public async ValueTask DisposeAsync() => await RemoveAsync(Name);

    /// <summary>Removes a stack with its data, and the swarm.</summary>
    public static async Task RemoveAsync(string name)
    {
        await Tool.RunAsync("docker", "stack", "rm", name);
        await Tool.RunAsync("docker", "swarm", "leave", "--force");
        await WaitUntilRemovedAsync(name);
        await Tool.RunAsync("docker", "volume", "rm", "--force", $"{name}_postgres", $"{name}_gateway-log");
    }

    /// <summary>Waits until no container of a stack runs.</summary>
    public static Task WaitUntilRemovedAsync(string name) =>
        Until.HoldsAsync(
            async () => (await DockerEngine.ListAsync("ps", "--quiet", "--filter", $"label=com.docker.stack.namespace={name}")).Count == 0,
            s_deadline,
            () => $"Containers of {name} still run."
        );

    private static async Task<string> GetUpdateAsync(string field) =>
        await DockerEngine.RunAsync(
            "service",
            "inspect",
            "--format",
            $"{{{{with .UpdateStatus}}}}{{{{.{field}}}}}{{{{end}}}}",
            $"{Name}_api"
        );
}
