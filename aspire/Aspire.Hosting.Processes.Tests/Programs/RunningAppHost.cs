using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using Aspire.Hosting.Processes.Tests.StandIns;

namespace Aspire.Hosting.Processes.Tests.Programs;

/// <summary>An AppHost in a process of its own, with a temporary folder of its own and a mark on every process it starts.</summary>
internal sealed class RunningAppHost : IAsyncDisposable
{
    /// <summary>The tests' own.</summary>
    public static string Sample { get; } = Path.Combine(AppContext.BaseDirectory, "Aspire.Hosting.Processes.Tests.AppHost");

    private readonly string _mark = $"PROCESSES_TESTS_RUN={Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _output = [];
    private readonly string _temporary;
    private readonly Process _process;

    // Those whose parents have ended are known by having been seen.
    private IReadOnlyList<(int Id, string? Start)> _seen = [];

    /// <param name="program">The AppHost's program.</param>
    /// <param name="temporary">Its temporary folder, which is there.</param>
    public RunningAppHost(string program, string temporary)
    {
        _temporary = temporary;

        // Postgres may run as another user, who must be able to pass through.
        File.SetUnixFileMode(temporary, File.GetUnixFileMode(temporary) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

        // A shell that runs a job in the background has it ignore SIGINT, and so all that descends from it.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", program, $"--Port={Port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
            Environment =
            {
                [_mark.Split('=')[0]] = _mark.Split('=')[1],
                ["TMPDIR"] = temporary,
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

    /// <summary>The gateway's port.</summary>
    public int Port { get; } = LoopbackPort.Free();

    public string Output => string.Join('\n', _output);

    /// <summary>The names of the programs that run.</summary>
    public IReadOnlyList<string> ProgramNames => [.. Processes.Select(p => Read($"/proc/{p}/comm").Trim())];

    // nginx and Redis write their titles over their environment: of them, only the parents have the mark.
    private List<int> Processes
    {
        get
        {
            var parents = Directory
                .EnumerateDirectories("/proc")
                .Select(entry =>
                    int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0
                )
                .Where(id => id > 0)
                .ToDictionary(id => id, id => ReadStat(id)?.Parent ?? 0);
            return [.. parents.Keys.Where(Belongs)];

            bool Belongs(int id) =>
                Read($"/proc/{id}/environ").Contains(_mark, StringComparison.Ordinal)
                || (parents.TryGetValue(id, out var parent) && parent > 1 && Belongs(parent));
        }
    }

    /// <summary>Waits until it says that it is ready, and both servers have answered through the gateway.</summary>
    public async Task WaitUntilReadyAsync()
    {
        await Eventually.HoldsAsync(() => Task.FromResult(_output.Contains("ready")), "'ready'", () => Output);
        using var client = new HttpClient { BaseAddress = new($"http://localhost:{Port}") };
        await Eventually.BothServersAnswerAsync(client);
        _seen = [.. Processes.Select(id => (id, ReadStat(id)?.Start))];
    }

    /// <summary>Kills, with SIGKILL, those of its processes that have a text in their command lines.</summary>
    /// <returns>How many.</returns>
    public int Kill(string text)
    {
        var victims = Processes.FindAll(p => Read($"/proc/{p}/cmdline").Replace('\0', ' ').Contains(text, StringComparison.Ordinal));
        victims.ForEach(p => Running.Signals.Send(p, "KILL"));
        return victims.Count;
    }

    public void Signal(string signal) => Running.Signals.Send(_process.Id, signal);

    public async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until no process, no port and no file of the run is left.</summary>
    public Task NothingIsLeftAsync() =>
        Eventually.HoldsAsync(
            () => Task.FromResult(Left().Count == 0),
            "The end of everything",
            () => $"{string.Join('\n', Left())}\n{Output}"
        );

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await WaitForExitAsync();
        }

        _process.Dispose();
        Processes.ForEach(p => Running.Signals.Send(p, "KILL"));
    }

    private List<string> Left() =>
        [
            .. _seen
                .Where(p => p.Start is not null && ReadStat(p.Id)?.Start == p.Start)
                .Select(p => p.Id)
                .Union(Processes)
                .Select(p => $"process {p}: {Read($"/proc/{p}/cmdline").Replace('\0', ' ')}"),
            .. Directory.EnumerateFileSystemEntries(_temporary).Select(e => $"file {e}"),
            .. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == Port).Select(l => $"port {l}"),
        ];

    /// <summary>A living process's parent, and the moment of its start, which tells it from a later one with the same id.</summary>
    private static (int Parent, string Start)? ReadStat(int id)
    {
        // pid (name) state ppid ... the 22nd field is the start; a name may hold spaces and parentheses.
        var stat = Read($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [] or ["Z", ..] ? null : (int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19]);
    }

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
