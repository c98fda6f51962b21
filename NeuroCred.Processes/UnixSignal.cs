using System.Runtime.InteropServices;

namespace NeuroCred.Processes;

/// <summary>A signal that .NET has no call for.</summary>
/// <param name="Number">Its number.</param>
public readonly record struct UnixSignal(int Number)
{
    /// <summary>SIGSTOP. macOS numbers it as BSD does.</summary>
    public static UnixSignal Stop { get; } = new(OperatingSystem.IsMacOS() ? 17 : 19);

    /// <summary>SIGCONT.</summary>
    public static UnixSignal Continue { get; } = new(OperatingSystem.IsMacOS() ? 19 : 18);

    /// <summary>SIGHUP.</summary>
    public static UnixSignal Hangup { get; } = new(1);

    /// <summary>SIGINT, which a terminal sends for Ctrl+C.</summary>
    public static UnixSignal Interrupt { get; } = new(2);

    /// <summary>SIGKILL.</summary>
    public static UnixSignal Kill { get; } = new(9);

    /// <summary>SIGTERM.</summary>
    public static UnixSignal Terminate { get; } = new(15);

    /// <summary>Sends it to a process, or for a negative number to a process group.</summary>
    /// <returns>False when there is no such process, or it is not ours.</returns>
    /// <exception cref="ArgumentOutOfRangeException">0 or -1, which to kill(2) are the caller's own group and everybody.</exception>
    public bool SendTo(int processId) =>
        processId is 0 or -1
            ? throw new ArgumentOutOfRangeException(nameof(processId), processId, "No process has this id.")
            : Send(processId, Number) == 0;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int processId, int signal);
}
