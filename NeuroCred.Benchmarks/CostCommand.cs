using System.Diagnostics;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Cost;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks;

/// <summary>Measures what a request of each kind costs each part of the system, kind by kind: on a quiet machine, and on a busy
/// one.</summary>
internal sealed class CostCommand(CostOptions options)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Measures and reports.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Tool.Require("nginx");
        Say("Starting the system.");
        await using var system = await SystemUnderTest.StartAsync(SystemSetup.Supervised, cancellationToken);
        var meter = await SystemMeter.CreateAsync(system, cancellationToken);
        await using var database = new CostDatabase(await system.GetConnectionStringAsync(cancellationToken));
        var report = await new SystemCosts(system, meter, database, options, Say).MeasureAsync(cancellationToken);
        await ReportFiles.WriteAsync(options.Out, "cost", report, CostMarkdown.Render(report));
    }

    private void Say(string what) => Console.WriteLine($"[{_watch.Elapsed:mm\\:ss}] {what}");
}
