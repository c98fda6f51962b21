using System.Globalization;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.Monitoring;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.Throughput;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks;

/// <summary>Measures what each way to the access log costs nginx, in turn, so that what else the machine does hits all alike.</summary>
internal sealed class MonitorCommand(MonitorCostOptions options, TextWriter console)
{
    // For nginx to open its connections, and for the monitor, which runs for months, to compile itself: with and without lines to read, that was over after 15 s.
    private const int WarmUpSeconds = 15;

    // nginx keeps lines for half a second.
    private static readonly TimeSpan s_flush = TimeSpan.FromSeconds(1);

    private static readonly (LogWay Way, string Name)[] s_ways =
    [
        (LogWay.StandardOutput, "standard output alone"),
        (LogWay.File, "and a file"),
        (LogWay.FileAndMonitor, "and a file, followed by the monitor"),
        (LogWay.Datagrams, "and datagrams, received and thrown away"),
    ];

    /// <summary>Measures and reports.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        string[] needed = ["nginx", "wrk"];
        foreach (var program in needed)
        {
            InstalledProgram.Find(program);
        }

        var at = DateTimeOffset.UtcNow;
        Uri[] servers = [.. Enumerable.Range(0, 3).Select(_ => new Uri($"http://127.0.0.1:{LocalPort.FindFree()}"))];
        await using var trivial = await PeerProcess.StartAsync(
            servers[0].Port,
            new Dictionary<string, string> { ["nginx.conf"] = PeerConfiguration.Read("trivial-servers.conf", servers[0].Port, servers) },
            PeerGateways.NginxCommand,
            cancellationToken);
        var rates = s_ways.Select(_ => new List<double>()).ToArray();
        var costs = new List<MonitorCost>();
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (i, (way, name)) in s_ways.Index())
            {
                await using var gateway = await WatchedGateway.OpenAsync(way, servers, cancellationToken);
                await Wrk.MeasureAsync(gateway.Address, options.Connections, WarmUpSeconds, cancellationToken);
                var before = await ReadAsync(gateway.Monitor, cancellationToken);
                rates[i].Add(await Wrk.MeasureAsync(gateway.Address, options.Connections, options.Seconds, cancellationToken));
                if (before is { } first && await ReadAsync(gateway.Monitor, cancellationToken) is { } last)
                {
                    var lines = last.Lines - first.Lines;
                    costs.Add(new((last.CpuSeconds - first.CpuSeconds) / lines * 1_000_000, last.ResidentBytes, lines, last.Missed - first.Missed));
                }

                await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"round {round + 1} of {options.Rounds}, {name}: {rates[i][^1]:#,0} requests/s"));
            }
        }

        var report = new MonitorReport(at, Machine.Read(), options, [.. s_ways.Select((way, i) => new RatesOf(way.Name, rates[i]))], costs);
        var markdown = report.RenderMarkdown();
        var files = await ReportFiles.WriteAsync(options.Out, "monitor", report, markdown);
        await console.WriteLineAsync($"{Environment.NewLine}{markdown}{Environment.NewLine}Written: {string.Join(", ", files)}");
        return 0;
    }

    private static async Task<MonitorUse?> ReadAsync(MonitorProcess? monitor, CancellationToken cancellationToken)
    {
        if (monitor is null)
        {
            return null;
        }

        await Task.Delay(s_flush, cancellationToken);
        return await monitor.ReadAsync(cancellationToken);
    }
}
