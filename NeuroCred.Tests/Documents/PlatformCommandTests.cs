namespace NeuroCred.Tests.Documents;

/// <summary>A command for a cluster or an account, which no test has, is at least understood by its program: all that fails is the call,
/// which goes where nobody listens.</summary>
[StartsProcesses]
public sealed partial class PlatformCommandTests
{
    // Each call is noted: whether it came as far as connecting, or what was said instead.
    private const string Prelude = """
        call() {
          local said
          said=$(command "$@" 2>&1 </dev/null) || true
          case "$said" in
            *'connection refused'* | *'to the server 127.0.0.1:1 was refused'* | *'Could not connect to the endpoint URL'*) echo connects ;;
            *) echo "$* says: $said" ;;
          esac >>calls
        }
        kubectl() { call kubectl "$@"; }
        aws() { call aws --endpoint-url http://127.0.0.1:1 "$@"; }
        docker() { cat; } # takes the password for a registry
        primary=pod/postgres-1 task=1 tasks=1

        """;

    private const string NoCluster = """
        apiVersion: v1
        kind: Config
        clusters: [{ name: none, cluster: { server: "http://127.0.0.1:1" } }]
        contexts: [{ name: none, context: { cluster: none } }]
        current-context: none
        """;

    public static TheoryData<string> Commands =>
        [
            .. MarkdownPage
                .All.SelectMany(page => page.Commands)
                .Select(ShellCommands.OnOneLine)
                .Where(ShellCommands.IsForPlatform)
                .Distinct(),
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task The_program_understands_the_command(string command)
    {
        foreach (var program in Calls().Matches(command).Select(call => call.Value).Distinct())
        {
            Assert.SkipWhen(Tool.Find(program) is null, $"{program} is not installed: ./setup.sh --tests installs it where Debian has it.");
        }

        using var shell = new ReadersShell(
            new Dictionary<string, string>
            {
                ["AWS_ACCESS_KEY_ID"] = "nobody",
                ["AWS_SECRET_ACCESS_KEY"] = "nothing",
                ["AWS_DEFAULT_REGION"] = "eu-central-1",
                ["AWS_MAX_ATTEMPTS"] = "1",
                ["KUBECONFIG"] = "kubeconfig",
                ["OWNER_CONNECTION"] = "Host=db.example.org",
                ["REDIS_CONNECTION"] = "redis.example.org",
            }
        );
        await File.WriteAllTextAsync(Path.Combine(shell.Root, "kubeconfig"), NoCluster, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(shell.Root, "neurocred.dump"), "", Cancellation);

        await shell.RunAsync([Prelude, command]);

        Assert.Equal(
            Enumerable.Repeat("connects", Calls().Count(command)),
            await File.ReadAllLinesAsync(Path.Combine(shell.Root, "calls"), Cancellation)
        );
    }

    [GeneratedRegex(@"(?<![\w-])(kubectl|aws)(?= )")]
    private static partial Regex Calls();
}
