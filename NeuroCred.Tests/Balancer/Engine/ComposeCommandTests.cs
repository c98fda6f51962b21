using NeuroCred.Benchmarks.UnderTest;
using NeuroCred.Tests.Balancer.Compose;
using NeuroCred.Tests.Documents;

namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>The commands that the pages have for Compose, on a real engine.</summary>
[Collection(OneEngine.Name)]
[StartsProcesses]
public sealed class ComposeCommandTests : IDisposable
{
    private static readonly MarkdownPage s_page = MarkdownPage.Named("docs/deploying/compose.md");

    private readonly string _project = $"neurocred-test-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly int _port = LocalPort.FindFree();
    private readonly int _httpsPort = LocalPort.FindFree();
    private readonly TemporaryFolder _programs = new();

    private string OfProject => $"label=com.docker.compose.project={_project}";

    public void Dispose() => _programs.Dispose();

    [Fact]
    public async Task They_start_scale_update_back_up_restore_secure_and_remove_it()
    {
        await DockerEngine.RequireAsync();
        Assert.SkipWhen(ComposeCommand.Installed is null, "Neither docker-compose nor docker compose is installed.");
        using var shell = CreateShell();
        try
        {
            await StartAsync(shell);
            await ScaleAndUpdateAsync(shell);
            await AskAReplicaAsync(shell);
            await BackUpAndRestoreAsync(shell);
            await UseACertificateAsync(shell);
            await RemoveAsync(shell);
        }
        finally
        {
            shell.Folder = FolderOf(shell);
            await shell.RunAsync(["docker compose down --volumes --timeout 1 || true"]); // what failed before is told
        }

        shell.AssertRanAll(ShellCommands.NeedsCompose);
    }

    // docker-compose, which came before `docker compose`, wants to be told that there is no terminal.
    private ReadersShell CreateShell()
    {
        if (ComposeCommand.Installed!.ToString() == "docker-compose")
        {
            var docker = _programs.At("docker");
            File.WriteAllText(
                docker,
                $"""
                #!/bin/sh
                if [ "$1" != compose ]; then exec {Tool.Find("docker")} "$@"; fi
                shift
                case "$1 $2" in
                  'exec -T' | 'run -T') ;;
                  exec* | run*) verb=$1; shift; set -- "$verb" -T "$@" ;;
                esac
                exec docker-compose "$@"
                """
            );
            File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return new(
            new Dictionary<string, string>
            {
                ["PATH"] = $"{_programs.Path}:{Environment.GetEnvironmentVariable("PATH")}",
                ["COMPOSE_PROJECT_NAME"] = _project,
                ["NEUROCRED_HTTP"] = $"127.0.0.1:{_port}",
                ["NEUROCRED_HTTPS"] = $"127.0.0.1:{_httpsPort}",
                ["NEUROCRED_MONITOR"] = $"127.0.0.1:{LocalPort.FindFree()}",
            }
        );
    }

    private async Task StartAsync(ReadersShell shell)
    {
        await shell.RunAsync(s_page.CommandsUnder("Start").Where(command => !DocumentedDeployment.IsForLater(command)));
        await WaitUntilHealthyAsync(3);
        using var http = new HttpClient();
        using var ready = await http.GetAsync(new Uri($"http://127.0.0.1:{_port}/health/ready"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    private async Task ScaleAndUpdateAsync(ReadersShell shell)
    {
        var later = s_page.CommandsUnder("Start").Where(DocumentedDeployment.IsForLater).ToList();
        await shell.RunAsync([later.Single(command => command.Contains("--scale", StringComparison.Ordinal))]);
        await WaitUntilHealthyAsync(5);

        await DockerEngine.RunAsync("tag", DockerEngine.Image, DockerEngine.NextImage);
        await shell.RunAsync(
            [later.Single(command => command.Contains("./update.sh", StringComparison.Ordinal))],
            ("neurocred-api:1.1.0", DockerEngine.NextImage)
        );
        await WaitUntilHealthyAsync(5, $"ancestor={DockerEngine.NextImage}");
        await File.WriteAllTextAsync(Path.Combine(shell.Folder, ".env"), $"NEUROCRED_API_IMAGE={DockerEngine.NextImage}\n", Cancellation);
    }

    private static async Task AskAReplicaAsync(ReadersShell shell)
    {
        var keys = await shell.RunAsync(MarkdownPage.Named("docs/keys.md").Commands.Where(ShellCommands.IsForCompose));
        Assert.Contains("default", keys, StringComparison.Ordinal);
        await shell.RunAsync(MarkdownPage.Named("docs/operating.md").Commands.Where(ShellCommands.IsForCompose));
    }

    private async Task BackUpAndRestoreAsync(ReadersShell shell)
    {
        var key = (await File.ReadAllTextAsync(Path.Combine(shell.Folder, "secrets", "Api__Key"), Cancellation)).Trim();
        using var client = new GatewayClient(new($"http://127.0.0.1:{_port}"), key);
        await DocumentedDeployment.BackUpAndRestoreAsync(shell, client, ShellCommands.IsForCompose, () => WaitUntilHealthyAsync(3));
    }

    private async Task UseACertificateAsync(ReadersShell shell)
    {
        var folder = Directory.CreateDirectory(Path.Combine(shell.Folder, "tls")).FullName;
        var certificate = Path.Combine(folder, "cert.pem");
        SelfSignedCertificate.Write(certificate, Path.Combine(folder, "key.pem"));
        shell.Folder = shell.Root;
        await shell.RunAsync(s_page.CommandsUnder("What to know"));
        await DocumentedDeployment.AssertLeadsToHttpsAsync(_port, _httpsPort, certificate);

        shell.Folder = FolderOf(shell);
        await shell.RunAsync(MarkdownPage.Named("docs/deploying/updating.md").Commands.Where(ShellCommands.IsForCompose));
    }

    private async Task RemoveAsync(ReadersShell shell)
    {
        var undo = s_page.CommandsUnder("Undo").ToList();
        var volume = $"{_project}_postgres";
        await shell.RunAsync(undo[..1]);
        Assert.Equal([], await DockerEngine.ListAsync("ps", "--all", "--quiet", "--filter", OfProject));
        Assert.Contains(volume, await DockerEngine.ListAsync("volume", "ls", "--quiet"));
        await shell.RunAsync(undo[1..]);
        Assert.DoesNotContain(volume, await DockerEngine.ListAsync("volume", "ls", "--quiet"));
    }

    private static string FolderOf(ReadersShell shell) => Path.Combine(shell.Root, "deploy", "compose");

    private Task WaitUntilHealthyAsync(int replicas, params string[] filters) =>
        DockerEngine.WaitUntilHealthyAsync(replicas, [OfProject, "label=com.docker.compose.service=api", .. filters]);
}
