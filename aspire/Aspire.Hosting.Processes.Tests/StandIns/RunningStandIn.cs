using System.Collections.Concurrent;
using System.Diagnostics;
using Aspire.Hosting.Processes.StandIns;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>A stand-in's process, started as the orchestrator would, and everything it started.</summary>
internal sealed class RunningStandIn : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _output = [];
    private readonly Process _process;

    private RunningStandIn(ProcessLaunch launch)
    {
        ProcessStartInfo start = new(launch.Command, launch.Arguments)
        {
            WorkingDirectory = launch.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in launch.Environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The process that the orchestrator knows.</summary>
    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public static async Task<RunningStandIn> StartAsync(ContainerLaunch container)
    {
        var launch = await StandInCatalog.Find(container.Image)!.PrepareAsync(container);
        return new(launch);
    }

    /// <summary>The processes that work for this stand-in, the orchestrator's own included. Ended ones do not count.</summary>
    public static IReadOnlyList<int> ProcessesOf(string folder) =>
        [
            .. from entry in Directory.EnumerateDirectories("/proc")
            where int.TryParse(Path.GetFileName(entry), out _)
            let id = int.Parse(Path.GetFileName(entry))
            where Names(entry, folder)
            select id,
        ];

    /// <summary>The command line of a process, for messages.</summary>
    public static string Describe(int id)
    {
        try
        {
            return $"{id} {File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return $"{id} ended meanwhile";
        }
    }

    public async Task<int> WaitForExitAsync()
    {
        using CancellationTokenSource deadline = new(Eventually.Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGTERM, as the orchestrator does, and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        Running.Signals.Send(Id, "TERM");
        return await WaitForExitAsync();
    }

    /// <summary>The service itself: the process that leads the group.</summary>
    public int Service => Children(Id).Single(child => File.ReadAllText($"/proc/{child}/cmdline").Split('\0') is not [_, _, "--guard", ..]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
    }

    private static IEnumerable<int> Children(int id) =>
        File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);

    private static bool Names(string process, string folder)
    {
        try
        {
            return (File.ReadAllText($"{process}/environ") + File.ReadAllText($"{process}/cmdline")).Contains(
                    folder,
                    StringComparison.Ordinal
                ) || (new FileInfo($"{process}/cwd").LinkTarget?.StartsWith(folder, StringComparison.Ordinal) ?? false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
