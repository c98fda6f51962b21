using NeuroCred.Tests.Documents;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The small lender of the samples works with the system, and changes its API key meanwhile.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed partial class LenderTests(RunningSystem system, ITestOutputHelper output)
{
    private const string Rotate = "\"$NEUROCRED_API\" keys rotate $(echo $APIKEY | cut -d_ -f2) --overlap 30s";

    [Fact]
    public async Task It_loses_nothing_while_its_key_is_rotated()
    {
        var (code, text) = await RunAsync(
            new()
            {
                ["APIKEY"] = await CreateKeyAsync(),
                ["NEUROCRED_API"] = Path.ChangeExtension(BuiltProgram.PathOf("NeuroCred.Api"), null),
                ["ConnectionStrings__neurocred"] = await system.GetDatabaseAsync(),
            },
            "--seconds",
            "5",
            "--wallets",
            "6",
            "--rotate",
            Rotate
        );

        Assert.True(code == 0, text);
        var summary = Summary().Match(text);
        Assert.True(summary.Success, text);
        Assert.InRange(int.Parse(summary.Groups["scores"].ValueSpan), 10, 36); // 5 s at 6 a second, on a machine that may be busy
        Assert.InRange(int.Parse(summary.Groups["replays"].ValueSpan), 6, 20); // one of each wallet, and of every fifth score
    }

    [Fact]
    public void Its_readme_shows_what_it_writes() => Assert.Matches(Summary(), MarkdownPage.Named("samples/README.md").Text);

    [Fact]
    public async Task It_says_that_the_gateway_refuses_its_key()
    {
        var (code, text) = await RunAsync(new() { ["APIKEY"] = "wrong" });

        Assert.True(code == 2, text);
        Assert.Contains("APIKEY: the gateway refuses it", text, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        environment["GATEWAY"] = system.Gateway.ToString();
        var run = await Tool.RunAsync("dotnet", Repository.Folder, environment, ["run", "samples/lender.cs", "--", .. arguments]);
        output.WriteLine(run.Output);
        return run;
    }

    private async Task<string> CreateKeyAsync()
    {
        var made = await system.RunKeysCommandAsync($"create --client lender-{Guid.NewGuid():N} --scopes read,write");
        Assert.True(made.Success, made.Message);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation); // until then every replica knows it
        return made.Data!.Value;
    }

    [GeneratedRegex(
        """
            scores +(?<scores>\d+) acknowledged, \k<scores> in the histories exactly once
            live scores +\k<scores> seen, 0 missed; .*
            replays +(?<replays>\d+), of which \k<replays> identical
            API key +rotated after \d+ s
            Nothing was lost\.
            """
    )]
    private static partial Regex Summary();
}
