using System.Runtime.InteropServices;

namespace NeuroCred.AppHost.Processes;

/// <summary>A signal that .NET has no call for.</summary>
/// <param name="Number">Its number.</param>
internal readonly record struct UnixSignal(int Number)
{
    /// <summary>SIGSTOP. macOS numbers it as BSD does.</summary>
    internal static UnixSignal Stop { get; } = new(OperatingSystem.IsMacOS() ? 17 : 19);

    /// <summary>SIGCONT.</summary>
    internal static UnixSignal Continue { get; } = new(OperatingSystem.IsMacOS() ? 19 : 18);

    /// <summary>SIGHUP.</summary>
    internal static UnixSignal Hangup { get; } = new(1);

    /// <summary>SIGTERM.</summary>
    internal static UnixSignal Terminate { get; } = new(15);

    /// <summary>Sends it to a process.</summary>
    /// <returns>False when there is no such process, or it is not ours.</returns>
    internal bool SendTo(int processId) => Kill(processId, Number) == 0;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
