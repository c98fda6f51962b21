using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Tests.Orchestration;

/// <summary>Signals to processes of the tests.</summary>
internal static class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    public static void Send(int process, int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public static bool Exists(int process) => Directory.Exists($"/proc/{process}");
}
