using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>What the genuine aspire CLI writes for a deployment, and what it says of one that it does not do.</summary>
[Collection(SharedAspireCli.Name)]
[StartsProcesses]
public sealed class AspirePublishTests(AspireCli cli)
{
    private const string Published = "published";

    [Fact]
    public async Task The_commands_of_the_page_write_what_is_checked_in()
    {
        var published = cli.NewOutput();
        var commands = AspireCli
            .ReadCommands("publish")
            .Select(command => command.Select(argument => argument == Published ? published : argument).ToArray())
            .ToList();
        Assert.Equal(["publish", "do"], commands.Select(command => command[0]));

        var output = await cli.RunAsync([.. commands[0], "--no-build"]);

        Assert.Equal(Generated(Path.Combine(Repository.Folder, "deploy")), Generated(published));
        Assert.All(DeploymentTargets.All, target => Assert.Contains(target.Page, output, StringComparison.Ordinal));

        Directory.Delete(published, recursive: true);
        await cli.RunAsync([.. commands[1], "--no-build"]);

        Assert.Equal(["kubernetes"], Directory.GetFileSystemEntries(published).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_policy_that_cannot_be_used_is_refused_with_all_that_is_wrong_and_nothing_is_written()
    {
        var published = cli.NewOutput();

        var (code, output, error) = await cli.TryAsync(
            "publish",
            "--no-build",
            "-o",
            published,
            "--",
            "--Balancing:Algorithm=random",
            "--Deployment:PostgresPoolSize=0"
        );

        Assert.NotEqual(0, code);
        Assert.Contains("Balancing:Algorithm is 'random'", output + error, StringComparison.Ordinal);
        Assert.Contains("Deployment:PostgresPoolSize is '0'", output + error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(published));
    }

    [Fact]
    public async Task Deploy_is_refused_and_names_what_deploys_on_each_platform()
    {
        var (code, output, error) = await cli.TryAsync("deploy", "--no-build");

        Assert.NotEqual(0, code);
        Assert.Contains("Nothing was deployed", output + error, StringComparison.Ordinal);
        Assert.All(DeploymentTargets.All, target => Assert.Contains(target.DeployedBy, output + error, StringComparison.Ordinal));
    }

    private static SortedDictionary<string, string> Generated(string folder) =>
        new(
            Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(GeneratedMark.IsOn)
                .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText),
            StringComparer.Ordinal
        );
}
