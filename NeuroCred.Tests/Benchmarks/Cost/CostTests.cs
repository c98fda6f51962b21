using System.Net.Sockets;
using NeuroCred.Benchmarks.Cost;

namespace NeuroCred.Tests.Benchmarks.Cost;

/// <summary>How costs are measured.</summary>
[StartsProcesses]
public sealed class CostTests
{
    [Fact]
    public void A_process_is_billed_for_the_processor_time_it_takes_and_its_children_take()
    {
        var (before, machineBefore) = (ProcessUse.Read(Environment.ProcessId), MachineUse.ReadBusySeconds());
        using var child = Process.Start("sh", ["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"]);
        child.WaitForExit();

        var after = ProcessUse.Read(Environment.ProcessId);

        Assert.InRange(after.CpuSeconds - before.CpuSeconds, 0.05, 60);
        Assert.InRange(MachineUse.ReadBusySeconds() - machineBefore, 0.05, double.MaxValue);
        Assert.InRange(after.ResidentBytes, 10_000_000, long.MaxValue);
        Assert.InRange(after.ProportionalBytes, 1_000_000, after.ResidentBytes);
    }

    [Fact]
    public async Task A_server_s_connections_are_counted_once_each()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var one = new TcpClient();
        using var two = new TcpClient();
        await one.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await two.ConnectAsync(IPAddress.Loopback, port, Cancellation);

        Assert.Equal(2, TcpConnections.CountTo(port));
    }

    [Fact]
    public void Only_wallets_whose_score_was_computed_are_read_and_each_once_where_the_cache_must_not_have_it()
    {
        var workload = new CostWorkload("seed", 30);
        string?[] Ask(string kind, int times) => [.. Enumerable.Range(0, times).Select(_ => workload.Next(kind)?.Subject)];

        Assert.Equal([null], Ask(CostWorkload.Uncached, 1));
        var computed = Ask(CostWorkload.Score, 30);
        Assert.Equal([null], Ask(CostWorkload.Score, 1));
        Assert.Equal([.. computed, null], Ask(CostWorkload.Uncached, 31));
        Assert.Subset(computed.ToHashSet(), Ask(CostWorkload.Cached, 100).ToHashSet());
        string?[] none = [.. Ask(CostWorkload.CachedNone, 100), .. Ask(CostWorkload.UncachedNone, 100)];
        Assert.Empty(computed.Intersect(none));
        Assert.Equal(120, none.Distinct().Count());
    }
}
