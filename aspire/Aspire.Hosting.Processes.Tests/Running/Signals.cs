using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Processes.Tests.Running;

/// <summary>Signals to processes of the tests.</summary>
internal static class Signals
{
    public static void Send(int process, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
