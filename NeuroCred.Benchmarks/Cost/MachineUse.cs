namespace NeuroCred.Benchmarks.Cost;

/// <summary>What the whole machine is busy with, from /proc/stat. Linux only.</summary>
internal static class MachineUse
{
    private const double TicksPerSecond = 100;
    private const int Idle = 3,
        WaitingForDisk = 4,
        Fields = 8;

    /// <summary>Seconds for which its processors were busy since it started, all of them together.</summary>
    public static double ReadBusySeconds()
    {
        // cpu user nice system idle iowait irq softirq steal ...: what follows is in these already.
        var line = File.ReadLines("/proc/stat").First();
        var ticks = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(Fields).Select(t => long.Parse(t));
        return ticks.Where((_, i) => i is not Idle and not WaitingForDisk).Sum() / TicksPerSecond;
    }
}
