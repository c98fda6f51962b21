using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.NetworkInformation;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Tests.Orchestration;
using Aspire.Hosting.Tests.StandIns;

namespace Aspire.Hosting.Tests.Processes;

/// <summary>An AppHost in a process of its own, with a temporary folder of its own and a mark on every process it starts.</summary>
internal sealed class RunningAppHost : IAsyncDisposable
{
    private readonly string _mark = $"HOSTING_TESTS_RUN={Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _output = [];
    private readonly string _temporary = Directory.CreateTempSubdirectory("apphost-").FullName;
    private readonly Process _process;

    public RunningAppHost(params string[] args)
    {
        Port = new FreePorts().Next();
        // A shell that runs a job in the background has it ignore SIGINT, and so all that descends from it.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", SampleAppHost.Program, $"--Port={Port}", .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                [_mark.Split('=')[0]] = _mark.Split('=')[1],
                ["TMPDIR"] = _temporary,
                // The runtime's own sockets would stay in the folder after a SIGKILL.
                ["DOTNET_EnableDiagnostics"] = "0",
            },
        };
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The port of the AppHost's server.</summary>
    public int Port { get; }

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    /// <summary>The orchestrator's processes: the one that the AppHost talks to, first.</summary>
    public IReadOnlyList<int> Orchestrators =>
        [.. Processes.Where(p => CommandLine(p).Contains("/dcp start-apiserver", StringComparison.Ordinal)), .. Processes.Where(p => CommandLine(p).Contains("/dcp run-controllers", StringComparison.Ordinal))];

    private List<int> Processes =>
    [
        .. from entry in Directory.EnumerateDirectories("/proc")
           where int.TryParse(Path.GetFileName(entry), out _) && Read($"{entry}/environ").Contains(_mark, StringComparison.Ordinal)
           select int.Parse(Path.GetFileName(entry), System.Globalization.CultureInfo.InvariantCulture),
    ];

    public async Task WaitForAsync(string line)
        => await Eventually.HoldsAsync(
            () => Task.FromResult(_output.Any(l => l.Contains(line, StringComparison.Ordinal))), $"'{line}'", TimeSpan.FromMinutes(1), () => Output);

    /// <summary>Waits for a folder of a run, which is there before anything is started.</summary>
    public Task WaitForSessionFolderAsync()
        => Eventually.HoldsAsync(() => Directory.EnumerateDirectories(_temporary).Any(), "The session folder", TimeSpan.FromMinutes(1));

    public void Signal(int signal) => Signals.Send(Id, signal);

    /// <summary>Kills every process of the orchestrator at once.</summary>
    public void KillWholeOrchestrator()
    {
        using var kill = Process.Start("kill", ["-9", .. Processes.Where(p => CommandLine(p).Contains("/dcp/dcp ", StringComparison.Ordinal)).Select(p => $"{p}")]);
        kill.WaitForExit();
    }

    public async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until no process, no port and no file of the run is left.</summary>
    public Task NothingIsLeftAsync()
        => Eventually.HoldsAsync(
            () => Task.FromResult(Left().Count == 0), "The end of everything", TimeSpan.FromSeconds(20), () => $"{string.Join('\n', Left())}\n{Output}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await WaitForExitAsync();
        }

        _process.Dispose();
        Processes.ForEach(p => Signals.Send(p, Signals.Kill));
        Directory.Delete(_temporary, recursive: true);
    }

    private List<string> Left() =>
    [
        .. Processes.Select(p => $"process {p}: {CommandLine(p)}"),
        .. Directory.EnumerateFileSystemEntries(_temporary).Select(e => $"file {e}"),
        .. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == Port).Select(l => $"port {l}"),
    ];

    private static string CommandLine(int process) => Read($"/proc/{process}/cmdline").Replace('\0', ' ');

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
