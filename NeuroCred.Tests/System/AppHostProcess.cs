using System.Diagnostics;
using System.Text;
using NeuroCred.Processes;
using NeuroCred.Tests.Snapshots;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The AppHost as a process of its own, in a process group of its own as in a terminal, with folders that are removed with
/// it.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("neurocred-test-").FullName;
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    /// <summary>Starts it in the environment of this process.</summary>
    public AppHostProcess(params string[] arguments)
        : this([], arguments) { }

    /// <summary>Starts it with some variables set, or unset where the value is null.</summary>
    public AppHostProcess(Dictionary<string, string?> environment, params string[] arguments)
        : this(
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "..", "..", "NeuroCred.AppHost", "debug", "NeuroCred.AppHost.dll")],
            environment,
            arguments
        ) { }

    private AppHostProcess(string[] program, Dictionary<string, string?> environment, string[] arguments)
    {
        // Postgres may run as another user, who must be able to pass through.
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        foreach (var folder in new[] { TemporaryFolder, StateFolder, Path.Combine(_folder, "data") })
        {
            Directory.CreateDirectory(folder);
        }

        // A shell that runs a job in the background has it ignore SIGINT, and so all that descends from it.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["NEUROCRED_TEST_RUN"] = Marker,
                ["NEUROCRED_RUNTIME"] = "processes",
                ["TMPDIR"] = TemporaryFolder,
                ["XDG_DATA_HOME"] = Path.Combine(_folder, "data"),
                ["XDG_STATE_HOME"] = StateFolder,
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = "http://localhost:0",
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:0",
                ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "http://localhost:0",
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
            },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        foreach (var argument in (string[])["env", "--default-signal=INT", .. program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Append(e.Data);
        _process.ErrorDataReceived += (_, e) => Append(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What every process of this run has in its environment.</summary>
    public string Marker { get; } = $"neurocred-test-{Guid.NewGuid():N}";

    /// <summary>Where the run keeps what is temporary.</summary>
    public string TemporaryFolder => Path.Combine(_folder, "tmp");

    /// <summary>Where the run keeps the gateway's log for the monitor.</summary>
    public string StateFolder => Path.Combine(_folder, "state");

    /// <summary>Whether <c>dotnet run</c> started it.</summary>
    public bool IsByDotnetRun { get; private init; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

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
    public void Signal(string signal) => UnixSignal.Parse(signal).SendTo(_process.Id);

    /// <summary>Sends it and all that is in its process group SIGINT, as a terminal does for Ctrl+C.</summary>
    public void PressControlC() => UnixSignal.Interrupt.SendTo(-_process.Id);

    /// <summary>Waits until it ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan deadline)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(deadline);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
