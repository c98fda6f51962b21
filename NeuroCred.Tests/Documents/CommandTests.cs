using NeuroCred.Tests.Snapshots;
using NeuroCred.Tests.WholeSystem;

namespace NeuroCred.Tests.Documents;

/// <summary>Every command of the README and the docs is run on the running system, or is listed in
/// commands-not-run.txt with the reason why it cannot be.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class CommandTests(RunningSystem system) : IDisposable
{
    private static readonly TimeSpan s_back = TimeSpan.FromSeconds(60);

    // What a reader has and this test does not: the key in the user secrets, programs that are built for release. A command that
    // calls a service fails when the answer is an error.
    private const string Prelude = """
        set -euo pipefail
        curl() { command curl --silent --show-error --fail-with-body --max-time 30 "$@"; }
        dotnet() {
          local project=
          case "$1 $2" in
            'user-secrets list') echo "Parameters:apikey = $TEST_KEY" ;;
            'run samples/'*) command dotnet "$@" ;;
            run*)
              while [ "$1" != -- ]; do
                if [ "$1" = --project ]; then project=$2; fi
                shift
              done
              test -f "$project/$project.csproj"
              shift
              command dotnet "artifacts/bin/$project/$TEST_CONFIGURATION/$project.dll" "$@" ;;
            *) echo "not known: dotnet $*" >&2; return 1 ;;
          esac
        }

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("neurocred-test-");

    public static TheoryData<string> Pages => [.. MarkdownPage.All.Where(page => CommandsToRun(page).Any()).Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_commands_of_a_page_do_what_it_says(string path)
    {
        CopyRepository();
        var page = MarkdownPage.All.Single(page => page.Path == path);
        var commands = string.Join('\n', CommandsToRun(page))
            .Replace("localhost:8080", system.Gateway.Authority, StringComparison.Ordinal)
            .Replace("localhost:8090", system.AddressOf("monitor").Authority, StringComparison.Ordinal)
            .Replace(":4002", $":{system.AddressOf("api-2").Port}", StringComparison.Ordinal);
        var kills = commands.Contains("kill -9", StringComparison.Ordinal);
        var before = kills ? system.Application.GetInstance("api-2") : null;

        var (code, output) = await Tool.RunAsync(
            "bash",
            _folder.FullName,
            new Dictionary<string, string>
            {
                ["TEST_KEY"] = RunningSystem.ApiKey,
                ["TEST_CONFIGURATION"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
                ["GATEWAY"] = system.Gateway.ToString().TrimEnd('/'),
                ["APIKEY"] = RunningSystem.ApiKey,
                ["NO_COLOR"] = "1",
            },
            "-c",
            Prelude + commands
        );

        Assert.True(code == 0, $"{path}: its commands exited with {code}:\n{commands}\n{output}");
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

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<string> CommandsToRun(MarkdownPage page) =>
        page.Blocks.Where(block => block.Language == "sh").SelectMany(ShellCommands.In).Where(command => !ShellCommands.IsNotRun(command));

    // Commands may write where a reader's would, and the repository stays as it is.
    private void CopyRepository()
    {
        string[] written = ["deploy", "samples"];
        foreach (var entry in new DirectoryInfo(Repository.Folder).EnumerateFileSystemInfos())
        {
            if (entry.Name is not ("artifacts" or ".git") && !written.Contains(entry.Name))
            {
                File.CreateSymbolicLink(Path.Combine(_folder.FullName, entry.Name), entry.FullName);
            }
        }

        foreach (var file in written.SelectMany(folder => RepositoryFiles.Find("*", folder)))
        {
            var to = Path.Combine(_folder.FullName, Path.GetRelativePath(Repository.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        var artifacts = _folder.CreateSubdirectory("artifacts");
        File.CreateSymbolicLink(Path.Combine(artifacts.FullName, "bin"), Path.Combine(Repository.Folder, "artifacts", "bin"));
        File.Copy(
            Path.Combine(Repository.Folder, "NeuroCred.Benchmarks", "Measured", "cost.json"),
            Path.Combine(artifacts.CreateSubdirectory("benchmarks").FullName, "cost.json")
        );
    }
}
