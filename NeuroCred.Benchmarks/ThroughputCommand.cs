using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.Cost;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.Throughput;

namespace NeuroCred.Benchmarks;

/// <summary>Measures how many requests per second each gateway passes on, and the processor time that each takes it, in turn, so that what
/// else the machine does hits all alike.</summary>
internal sealed class ThroughputCommand(ThroughputOptions options)
{
    private static readonly (string Name, Func<IReadOnlyList<Uri>, CancellationToken, Task<PeerProcess>> OpenAsync)[] s_contestants =
    [
        ("NeuroCred", PeerGateways.OpenOwnNginxAsync),
        .. ContestantCatalogue.Peers.Select(peer => (peer.Name, peer.OpenAsync!)),
    ];

    /// <summary>Measures and reports.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string[] needed = ["nginx", "haproxy", "wrk"];
        foreach (var program in needed)
        {
            Tool.Require(program);
        }

        var at = DateTimeOffset.UtcNow;
        Uri[] servers = [.. Enumerable.Range(0, 3).Select(_ => new Uri($"http://127.0.0.1:{LocalPort.FindFree()}"))];
        await using var trivial = await PeerProcess.StartAsync(
            servers[0].Port,
            new Dictionary<string, string> { ["nginx.conf"] = PeerConfiguration.Read("trivial-servers.conf", servers[0].Port, servers) },
            PeerGateways.NginxCommand,
            cancellationToken
        );
        var rounds = s_contestants.Select(_ => new List<ThroughputRound>()).ToArray();
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var i = 0; i < s_contestants.Length; i++)
            {
                await using var gateway = await s_contestants[i].OpenAsync(servers, cancellationToken);

                // For YARP to compile itself, for all to open their connections.
                await Wrk.MeasureAsync(gateway.Address, options.Connections, 2, cancellationToken);
                var before = ProcessUse.Read(gateway.Id).CpuSeconds;
                var rate = await Wrk.MeasureAsync(gateway.Address, options.Connections, options.Seconds, cancellationToken);
                var used = ProcessUse.Read(gateway.Id).CpuSeconds - before;
                var measured = new ThroughputRound(rate, 1_000_000 * used / (rate * options.Seconds));
                rounds[i].Add(measured);
                Console.WriteLine(
                    $"round {round + 1} of {options.Rounds}, {s_contestants[i].Name}: "
                        + $"{measured.PerSecond:#,0} requests/s, {measured.CpuMicroseconds:0.0} us each"
                );
            }
        }

        var report = new ThroughputReport(
            at,
            await Machine.ReadAsync(),
            options,
            [.. s_contestants.Select((c, i) => new ThroughputOf(c.Name, rounds[i]))]
        );
        await ReportFiles.WriteAsync(options.Out, "throughput", report, report.RenderMarkdown());
    }
}
