using YamlDotNet.RepresentationModel;

namespace NeuroCred.Tests.Documents;

/// <summary>What GitHub runs for each change, and what it offers for developing.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(Repository.Folder, ".github", "workflows", "ci.yml"));

    private static readonly YamlMappingNode s_workflow = Read();

    [Fact]
    public void No_job_may_do_more_than_read_the_repository()
    {
        Assert.Equal([("contents", "read")], Entries(s_workflow["permissions"]));
        Assert.All(Jobs(), job => Assert.DoesNotContain("permissions", Keys(job)));
        // What runs with a stranger's change must not see the repository's secrets.
        Assert.DoesNotContain("pull_request_target", Keys(s_workflow["on"]));
        Assert.DoesNotContain("secrets.", s_text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_action_is_one_commit_and_says_which_version_that_is()
    {
        var actions = Steps().Where(step => Keys(step).Contains("uses")).Select(step => (string)step["uses"]!).ToList();

        Assert.NotEmpty(actions);
        Assert.All(actions, action => Assert.Matches("^[a-z-]+/[a-z-]+@[0-9a-f]{40}$", action));
        Assert.Equal(actions.Count, PinnedWithVersion().Count(s_text));
    }

    [Fact]
    public void The_tests_of_the_README_the_engine_tests_and_the_comparison_of_what_is_rendered_run()
    {
        var commands = string.Join('\n', Steps().Where(step => Keys(step).Contains("run")).Select(step => (string)step["run"]!));
        var ofReadme = MarkdownPage
            .Named("README.md")
            .Blocks.Single(block => block.Text.Contains("setup.sh --tests", StringComparison.Ordinal))
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(ofReadme, command => Assert.Contains(command, commands, StringComparison.Ordinal));
        Assert.Contains("git add --intent-to-add deploy", commands, StringComparison.Ordinal);
        Assert.Contains("git diff --exit-code deploy", commands, StringComparison.Ordinal);
        Assert.Matches("sudo .* -trait Needs=engine .*-failSkips", commands);
        Assert.Contains("docker build -f eng/images/service/Dockerfile", commands, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_image_that_is_built_is_scanned()
    {
        var built = Built().Matches(s_text).Select(match => match.Groups[1].Value).ToList();
        var scanned = Steps()
            .Where(step =>
                Keys(step).Contains("uses") && ((string)step["uses"]!).StartsWith("aquasecurity/trivy-action@", StringComparison.Ordinal)
            )
            .Select(step => step["with"])
            .ToList();

        Assert.NotEmpty(built);
        Assert.Equal(built, scanned.Select(with => (string)with["image-ref"]!));
        Assert.All(scanned, with => Assert.Equal("1", (string)with["exit-code"]!));
    }

    [Fact]
    public void Every_job_ends_by_itself() => Assert.All(Jobs(), job => Assert.Contains("timeout-minutes", Keys(job)));

    [Fact]
    public void A_development_container_has_the_SDK_and_what_the_tests_need()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Folder, ".devcontainer", "devcontainer.json"));
        using var container = JsonDocument.Parse(text, new() { CommentHandling = JsonCommentHandling.Skip });
        using var sdk = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Folder, "global.json")));
        var version = Version.Parse(sdk.RootElement.GetProperty("sdk").GetProperty("version").GetString()!);

        string? Setting(string name) => container.RootElement.GetProperty(name).GetString();
        Assert.EndsWith($"/dotnet:{version.Major}.{version.Minor}", Setting("image"), StringComparison.Ordinal);
        Assert.StartsWith("./setup.sh --tests", Setting("postCreateCommand"), StringComparison.Ordinal);
    }

    private static YamlMappingNode Read()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(s_text));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    private static IEnumerable<YamlNode> Jobs() => ((YamlMappingNode)s_workflow["jobs"]).Children.Values;

    private static IEnumerable<YamlNode> Steps() => Jobs().SelectMany(job => ((YamlSequenceNode)job["steps"]).Children);

    private static IEnumerable<string> Keys(YamlNode node) => ((YamlMappingNode)node).Children.Keys.Select(key => (string)key!);

    private static IEnumerable<(string Key, string Value)> Entries(YamlNode node) =>
        ((YamlMappingNode)node).Children.Select(entry => ((string)entry.Key!, (string)entry.Value!));

    [GeneratedRegex(@"docker build .*--tag (\S+)")]
    private static partial Regex Built();

    [GeneratedRegex(@"(?m)^ *(- )?uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex PinnedWithVersion();
}
