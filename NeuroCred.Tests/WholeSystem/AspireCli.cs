using NeuroCred.Tests.Documents;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The aspire CLI that the repository names, with a home of its own, and ports that nobody else has. Restored once for all tests
/// that share it, one after the other.</summary>
public sealed class AspireCli : IAsyncLifetime
{
    private const string Aspire = "dotnet aspire ";

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes its folders.</summary>
    public AspireCli()
    {
        foreach (var name in (string[])["home", "tmp", "data", "state"])
        {
            Directory.CreateDirectory(_folder.At(name));
        }
    }

    /// <summary>The commands of the block of docs/aspire.md that has one of them, each as the arguments of <c>dotnet aspire</c>.</summary>
    public static IReadOnlyList<string[]> ReadCommands(string command) =>
        [
            .. ShellCommands
                .In(
                    MarkdownPage
                        .Named("docs/aspire.md")
                        .Blocks.Single(block => block.Text.Contains($"{Aspire}{command}", StringComparison.Ordinal))
                )
                .Where(line => line.StartsWith(Aspire, StringComparison.Ordinal))
                .Select(line => line[Aspire.Length..].Split(' ')),
        ];

    /// <summary>Names a folder for what it writes, which is not there yet, and goes with it.</summary>
    public string NewOutput() => _folder.At($"{Guid.NewGuid():N}");

    /// <summary>What every process of it has in its environment.</summary>
    public string Marker { get; } = $"neurocred-test-{Guid.NewGuid():N}";

    /// <summary>Runs <c>dotnet aspire</c> at the root of the repository, and fails unless it succeeds.</summary>
    /// <returns>What it wrote to its standard output.</returns>
    public async Task<string> RunAsync(params string[] arguments) => AssertDone(await TryAsync(arguments), arguments).Output;

    /// <summary>Runs <c>dotnet aspire</c> at the root of the repository.</summary>
    /// <returns>Its exit code, and what it wrote to each stream.</returns>
    public Task<(int Code, string Output, string Error)> TryAsync(params string[] arguments) =>
        DotnetAsync(["aspire", arguments[0], "--non-interactive", "--nologo", .. arguments[1..]]);

    /// <summary>Has the tool restored.</summary>
    public async ValueTask InitializeAsync() => AssertDone(await DotnetAsync(["tool", "restore"]), ["tool", "restore"]);

    /// <summary>Starts <c>dotnet aspire run</c>, with one replica, and does not wait for it.</summary>
    public Process StartRun()
    {
        var start = CreateStart(["aspire", "run", "--isolated", "--no-build", "--non-interactive", "--nologo"]);
        start.Environment["Api__Replicas"] = "1";
        return Process.Start(start)!;
    }

    /// <summary>Removes all that it has written.</summary>
    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    private static (int Code, string Output, string Error) AssertDone(
        (int Code, string Output, string Error) result,
        IEnumerable<string> arguments
    )
    {
        Assert.True(result.Code == 0, $"{string.Join(' ', arguments)} exited with {result.Code}:\n{result.Output}\n{result.Error}");
        return result;
    }

    private async Task<(int Code, string Output, string Error)> DotnetAsync(string[] arguments)
    {
        using var process = Process.Start(CreateStart(arguments))!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(s_deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private ProcessStartInfo CreateStart(string[] arguments)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return new("dotnet", arguments)
        {
            WorkingDirectory = Repository.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["NEUROCRED_TEST_RUN"] = Marker,
                ["NEUROCRED_RUNTIME"] = "processes",
                ["NUGET_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(home, ".nuget", "packages"),
                ["HOME"] = _folder.At("home"),
                ["TMPDIR"] = _folder.At("tmp"),
                ["XDG_DATA_HOME"] = _folder.At("data"),
                ["XDG_STATE_HOME"] = _folder.At("state"),
                ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "true",
                ["Gateway__Port"] = "0",
                ["Gateway__HttpsPort"] = "0",
                ["Monitor__Port"] = "0",
                ["Api__BasePort"] = "0",
            },
        };
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class SharedAspireCli : ICollectionFixture<AspireCli>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The aspire CLI";
}
