using System.Net.Http.Headers;
using System.Text;
using CliWrap;
using NeuroCred.Tests.Documents;

namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>The commands that the pages have for a registry of images, on a real engine and a real registry.</summary>
[Collection(OneEngine.Name)]
[StartsProcesses]
public sealed class RegistryCommandTests : IDisposable
{
    private const string Registry = "registry.example.org";
    private const string User = "reader";
    private const string Password = "secret";

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly string _address = $"127.0.0.1:{LocalPort.FindFree()}"; // there an engine needs no certificate

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_log_in_and_push_both_images()
    {
        await DockerEngine.RequireAsync();
        Assert.SkipWhen(Tool.Find("docker-registry") is null, "There is no registry (Debian: apt-get install docker-registry).");
        await using var registry = StartRegistry();
        using var http = new HttpClient
        {
            BaseAddress = new($"http://{_address}/v2/"),
            DefaultRequestHeaders =
            {
                Authorization = new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))
                ),
            },
        };
        await Until.HoldsAsync(() => AnswersAsync(http), s_deadline, () => registry.Output);
        using var shell = new ReadersShell(new Dictionary<string, string> { ["DOCKER_CONFIG"] = _folder.Path });
        try
        {
            // A reader types the name and the password.
            await shell.RunAsync(
                [
                    $"docker() {{ case \"$1\" in login) command docker \"$@\" --username {User} --password {Password} ;; *) command docker \"$@\" ;; esac; }}",
                    .. MarkdownPage.All.SelectMany(page => page.Commands).Where(ShellCommands.IsForRegistry),
                ],
                (Registry, _address)
            );
        }
        finally
        {
            foreach (var image in await DockerEngine.ListAsync("images", "--format", "{{.Repository}}:{{.Tag}}", $"{_address}/*"))
            {
                await DockerEngine.RunAsync("rmi", "--no-prune", image);
            }
        }

        shell.AssertRanAll((_, command) => ShellCommands.IsForRegistry(command));
        foreach (var image in (string[])["neurocred-api", "neurocred-monitor"])
        {
            using var tags = JsonDocument.Parse(await http.GetStringAsync(new Uri($"{image}/tags/list", UriKind.Relative), Cancellation));
            Assert.Equal("1.0.0", Assert.Single(tags.RootElement.GetProperty("tags").EnumerateArray()).GetString());
        }
    }

    private ChildProcess StartRegistry()
    {
        var passwords = _folder.At("htpasswd");
        // Of the password above, by bcrypt.
        File.WriteAllText(passwords, $"{User}:$2y$05$Wnu8mqvaYlon.60Jh042D.EBTpbzt7V3Z1F6MoiYtbSFjG8PcYQsq\n");
        var configuration = _folder.At("registry.yml");
        File.WriteAllText(
            configuration,
            $$"""
            version: 0.1
            storage: { filesystem: { rootdirectory: "{{_folder.Path}}/images" } }
            http: { addr: "{{_address}}" }
            auth: { htpasswd: { realm: tests, path: "{{passwords}}" } }
            """
        );
        return new(Cli.Wrap("docker-registry").WithArguments(["serve", configuration]));
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("", UriKind.Relative), Cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
