using NeuroCred.Benchmarks.UnderTest;
using NeuroCred.Tests.Documents;

namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>The commands that the pages have for a swarm, on a swarm of one node.</summary>
[Collection(OneEngine.Name)]
[StartsProcesses]
public sealed partial class SwarmCommandTests
{
    // As the page has it.
    private const string Stack = "neurocred";

    private static readonly MarkdownPage s_page = MarkdownPage.Named("docs/deploying/swarm.md");

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);

    private readonly int _port = LocalPort.FindFree();
    private readonly int _httpsPort = LocalPort.FindFree();

    [Fact]
    public async Task They_start_update_back_up_restore_secure_and_remove_it()
    {
        await SwarmStack.RequireAsync();
        Assert.SkipWhen(
            (await DockerEngine.ListAsync("volume", "ls", "--quiet")).Contains($"{Stack}_postgres"),
            $"There is a volume {Stack}_postgres, which may be somebody's: the page's commands would delete it."
        );
        using var shell = new ReadersShell(
            new Dictionary<string, string> { ["NEUROCRED_HTTP"] = $"{_port}", ["NEUROCRED_HTTPS"] = $"{_httpsPort}" }
        );
        try
        {
            var key = await StartAsync(shell);
            await UpdateAsync(shell);
            await LookAtTheMonitorAsync(shell);
            Assert.Contains("default", await shell.RunAsync(MarkdownPage.Named("docs/keys.md").Commands.Where(ShellCommands.IsForSwarm)));
            using var client = new GatewayClient(new($"http://127.0.0.1:{_port}"), key);
            await DocumentedDeployment.BackUpAndRestoreAsync(shell, client, ShellCommands.IsForSwarm, () => WaitUntilHealthyAsync());
            await UseACertificateAsync(shell);
            await RemoveAsync(shell);
        }
        finally
        {
            await SwarmStack.RemoveAsync(Stack);
        }

        shell.AssertRanAll(ShellCommands.NeedsSwarm);
    }

    // A machine with several addresses has to say which one its swarm has.
    private static async Task<string> StartAsync(ReadersShell shell)
    {
        var node = await DockerEngine.RunAsync("info", "--format", "{{.Name}}");
        var output = await shell.RunAsync(
            s_page.CommandsUnder("Start").Where(command => !DocumentedDeployment.IsForLater(command)),
            ("swarm init ", "swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377 "),
            (" node-1 ", $" {node} ")
        );
        await WaitUntilHealthyAsync();
        return ApiKey().Match(output).Groups["key"].Value;
    }

    private static async Task UpdateAsync(ReadersShell shell)
    {
        await DockerEngine.RunAsync("tag", DockerEngine.Image, DockerEngine.NextImage);
        await shell.RunAsync(
            s_page.CommandsUnder("Start").Where(DocumentedDeployment.IsForLater),
            ("neurocred-api:1.1.0", DockerEngine.NextImage)
        );
        await WaitUntilHealthyAsync($"ancestor={DockerEngine.NextImage}");
    }

    private static async Task LookAtTheMonitorAsync(ReadersShell shell)
    {
        var port = LocalPort.FindFree();
        var commands = s_page
            .CommandsUnder("What to know")
            .Where(command => command.Contains("_monitor", StringComparison.Ordinal))
            .ToList();
        var hide = commands.Single(command => command.Contains("--publish-rm", StringComparison.Ordinal));

        Assert.Contains("200 OK", await shell.RunAsync(commands.Take(1)));
        await shell.RunAsync(commands.Skip(1).Except([hide]), ("published=8090", $"published={port}"));
        using var http = new HttpClient();
        var diagnosis = new Uri($"http://127.0.0.1:{port}/diagnosis");
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(diagnosis, Cancellation);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            s_deadline,
            () => "The monitor cannot be asked from outside."
        );
        await shell.RunAsync([hide], ("published=8090", $"published={port}"));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(diagnosis, Cancellation));
    }

    private async Task UseACertificateAsync(ReadersShell shell)
    {
        shell.Folder = shell.Root;
        var certificate = Path.Combine(shell.Root, "cert.pem");
        SelfSignedCertificate.Write(certificate, Path.Combine(shell.Root, "key.pem"));
        await shell.RunAsync(
            s_page.CommandsUnder("What to know").Where(command => !command.Contains("_monitor", StringComparison.Ordinal))
        );
        await DocumentedDeployment.AssertLeadsToHttpsAsync(_port, _httpsPort, certificate);
    }

    private static async Task RemoveAsync(ReadersShell shell)
    {
        var undo = s_page.CommandsUnder("Undo").ToList();
        await shell.RunAsync(undo[..1]);
        await SwarmStack.WaitUntilRemovedAsync(Stack);
        await shell.RunAsync(undo[1..]);
        Assert.DoesNotContain($"{Stack}_postgres", await DockerEngine.ListAsync("volume", "ls", "--quiet"));
        Assert.Equal([], await DockerEngine.ListAsync("secret", "ls", "--quiet"));
    }

    private static Task WaitUntilHealthyAsync(params string[] filters) =>
        DockerEngine.WaitUntilHealthyAsync(3, [$"label=com.docker.swarm.service.name={Stack}_api", .. filters]);

    [GeneratedRegex(@"shown only now: (?<key>\w+)")]
    private static partial Regex ApiKey();
}
