namespace NeuroCred.Tests.Documents;

/// <summary>Every command of the README and the docs is run on the running system, or on a container
/// engine, or is listed in commands-not-run.txt with the reason why it cannot be.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class CommandTests(RunningSystem system)
{
    private static readonly TimeSpan s_back = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Pages => [.. MarkdownPage.All.Where(page => CommandsToRun(page).Any()).Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_commands_of_a_page_do_what_it_says(string path)
    {
        var page = MarkdownPage.Named(path);
        var commands = CommandsToRun(page).ToList();
        var kills = commands.Any(command => command.Contains("kill -9", StringComparison.Ordinal));
        var before = kills ? system.Application.GetInstance("api-2") : null;
        using var shell = new ReadersShell(
            new Dictionary<string, string> { ["GATEWAY"] = system.Gateway.ToString().TrimEnd('/'), ["APIKEY"] = Workload.ApiKey }
        );

        var output = await shell.RunAsync(
            commands,
            ("localhost:8080", system.Gateway.Authority),
            ("localhost:8090", system.AddressOf("monitor").Authority),
            (":4002", $":{system.AddressOf("api-2").Port}")
        );

        if (before is not null)
        {
            using var deadline = new CancellationTokenSource(s_back);
            await system.Application.WaitUntilBackAsync("api-2", before, deadline.Token);
            await system.WaitUntilServingAsync("api-2", deadline.Token);
        }

        if (path == "README.md")
        {
            Assert.Contains("\"accepted\":", output, StringComparison.Ordinal);
            Assert.Contains("\"score\":1000", output, StringComparison.Ordinal);
            Assert.Contains("X-Served-By: api-", output, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static IEnumerable<string> CommandsToRun(MarkdownPage page) =>
        page.Commands.Where(command => !ShellCommands.IsNotRun(command) && !ShellCommands.HasOwnTest(page, command));
}
