namespace NeuroCred.Tests.Documents;

/// <summary>A shell in a copy of the repository, for the commands of its pages: they may write where a reader's would, and the repository
/// stays as it is.</summary>
internal sealed class ReadersShell : IDisposable
{
    // What a reader has and a test does not: the key in the user secrets, programs that are built for release. A command that calls a
    // service fails when the answer is an error.
    private const string Prelude = """
        set -euo pipefail
        trap 'pwd >"$TEST_FOLDER"' EXIT
        curl() { command curl --silent --show-error --fail-with-body --max-time 30 "$@"; }
        dotnet() {
          local project=
          case "$1 $2" in
            'user-secrets list') echo "Parameters:apikey = $APIKEY" ;;
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

    private static readonly string[] s_written = ["deploy", "samples"];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment;
    private readonly List<string> _commands = [];

    /// <summary>Copies the repository.</summary>
    /// <param name="environment">What the commands find in their environment.</param>
    public ReadersShell(IEnumerable<KeyValuePair<string, string>> environment)
    {
        Root = Directory.CreateDirectory(_folder.At("repository")).FullName;
        Folder = Root;
        _environment = new(environment)
        {
            ["TEST_CONFIGURATION"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            ["TEST_FOLDER"] = _folder.At("folder"),
            ["NO_COLOR"] = "1",
        };
        CopyRepository();
    }

    /// <summary>The copy of the repository.</summary>
    public string Root { get; }

    /// <summary>Where the next commands run: where the last ones ended, at first the repository.</summary>
    public string Folder { get; set; }

    /// <summary>Runs commands, which must succeed.</summary>
    /// <param name="commands">As a page has them.</param>
    /// <param name="replacements">What is another here than in a page, such as a port.</param>
    /// <returns>What they wrote.</returns>
    public async Task<string> RunAsync(IEnumerable<string> commands, params (string Old, string New)[] replacements)
    {
        var run = commands.ToList();
        _commands.AddRange(run.Select(ShellCommands.OnOneLine));
        var script = replacements.Aggregate(
            string.Join('\n', run),
            (script, replacement) => script.Replace(replacement.Old, replacement.New, StringComparison.Ordinal)
        );

        var (code, output) = await Tool.RunAsync("bash", Folder, _environment, "-c", Prelude + script);

        Assert.True(code == 0, $"Exit code {code}:\n{script}\n{output}");
        Folder = (await File.ReadAllTextAsync(_environment["TEST_FOLDER"], Cancellation)).TrimEnd('\n');
        return output;
    }

    /// <summary>Asserts that every command of the pages that is one of those wanted was run.</summary>
    public void AssertRanAll(Func<MarkdownPage, string, bool> isWanted)
    {
        var wanted = MarkdownPage
            .All.SelectMany(page => page.Commands.Where(command => isWanted(page, command)))
            .Select(ShellCommands.OnOneLine)
            .ToList();
        Assert.NotEmpty(wanted);
        Assert.Equal([], wanted.Except(_commands));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private void CopyRepository()
    {
        foreach (var entry in new DirectoryInfo(Repository.Folder).EnumerateFileSystemInfos())
        {
            if (entry.Name is not ("artifacts" or ".git") && !s_written.Contains(entry.Name))
            {
                File.CreateSymbolicLink(Path.Combine(Root, entry.Name), entry.FullName);
            }
        }

        foreach (var file in s_written.SelectMany(folder => RepositoryFiles.Find("*", folder)))
        {
            var to = Path.Combine(Root, Path.GetRelativePath(Repository.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        var artifacts = Directory.CreateDirectory(Path.Combine(Root, "artifacts"));
        File.CreateSymbolicLink(Path.Combine(artifacts.FullName, "bin"), Path.Combine(Repository.Folder, "artifacts", "bin"));
        File.Copy(
            Path.Combine(Repository.Folder, "NeuroCred.Benchmarks", "Measured", "cost.json"),
            Path.Combine(artifacts.CreateSubdirectory("benchmarks").FullName, "cost.json")
        );
    }
}
