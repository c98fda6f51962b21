using CliWrap;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The AppHost as a process of its own, in a process group of its own as in a terminal, with folders that are removed with
/// it.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _process;

    /// <summary>Starts it in the environment of this process.</summary>
    public AppHostProcess(params string[] arguments)
        : this([], arguments) { }

    /// <summary>Starts it with some variables set, or unset where the value is null.</summary>
    public AppHostProcess(Dictionary<string, string?> environment, params string[] arguments)
        : this(["dotnet", BuiltProgram.PathOf("NeuroCred.AppHost")], environment, arguments) { }

    private AppHostProcess(string[] program, Dictionary<string, string?> environment, string[] arguments)
    {
        foreach (var folder in new[] { TemporaryFolder, StateFolder, _folder.At("data") })
        {
            Directory.CreateDirectory(folder);
        }

        // A shell that runs a job in the background has it ignore SIGINT, and so all that descends from it.
        _process = new(
            Cli.Wrap("setsid")
                .WithArguments(["env", "--default-signal=INT", .. program, .. arguments])
                .WithEnvironmentVariables(set =>
                    set.Set("NEUROCRED_TEST_RUN", Marker)
                        .Set("NEUROCRED_RUNTIME", "processes")
                        .Set("TMPDIR", TemporaryFolder)
                        .Set("XDG_DATA_HOME", _folder.At("data"))
                        .Set("XDG_STATE_HOME", StateFolder)
                        .Set("DOTNET_ENVIRONMENT", "Development")
                        .Set("ASPNETCORE_URLS", "http://localhost:0")
                        .Set("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:0")
                        .Set("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "http://localhost:0")
                        .Set("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true")
                        .Set(environment)
                )
        );
    }

    /// <summary>What every process of this run has in its environment.</summary>
    public string Marker { get; } = $"neurocred-test-{Guid.NewGuid():N}";

    /// <summary>Where the run keeps what is temporary.</summary>
    public string TemporaryFolder => _folder.At("tmp");

    /// <summary>Where the run keeps the gateway's log for the monitor.</summary>
    public string StateFolder => _folder.At("state");

    /// <summary>Whether <c>dotnet run</c> started it.</summary>
    public bool IsByDotnetRun { get; private init; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasEnded;

    /// <summary>What it has written so far.</summary>
    public string Output => _process.Output;

    /// <summary>Starts it by <c>dotnet run</c>, which stays beside it.</summary>
    public static AppHostProcess ByDotnetRun(params string[] arguments) =>
        new(
            ["dotnet", "run", "--no-build", "--no-launch-profile", "--project", Path.Combine(Repository.Folder, "NeuroCred.AppHost"), "--"],
            [],
            arguments
        )
        {
            IsByDotnetRun = true,
        };

    /// <summary>Sends what was started, and nothing else, a signal.</summary>
    public void Signal(UnixSignal signal) => _process.Signal(signal);

    /// <summary>Sends it and all that is in its process group SIGINT, as a terminal does for Ctrl+C.</summary>
    public void PressControlC() => UnixSignal.Interrupt.SendTo(-_process.Id);

    /// <summary>Waits until it ended.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> WaitForExitAsync(TimeSpan deadline) => _process.WaitForEndAsync(Cancellation).WaitAsync(deadline);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
