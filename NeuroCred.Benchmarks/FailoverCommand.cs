using System.Diagnostics;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.Faults;
using NeuroCred.Benchmarks.Measurement;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks;

/// <summary>Runs every fault behind every contestant: first with the supervisor, then without it, then without anything of NeuroCred but
/// its replicas.</summary>
internal sealed class FailoverCommand(FailoverOptions options)
{
    private const string ReportName = "failover";

    private readonly Fault[] _faults =
    [
        .. FaultCatalogue.Create(options.Kills, options.Quick).Where(f => options.Only.Count == 0 || options.Only.Contains(f.Id)),
    ];
    private readonly Contestant[] _contestants =
    [
        .. ContestantCatalogue.All.Where(c => options.Contestants.Count == 0 || options.Contestants.Contains(c.Id)),
    ];
    private readonly List<Measured> _measured = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Measures, and reports what was measured even when cancelled, or when something went wrong.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var program in _contestants.Select(c => c.Program).Distinct())
        {
            Tool.Require(program);
        }

        // Asked before an hour is spent on what it could not be added to.
        var file = Path.Combine(options.Out, $"{ReportName}.json");
        var earlier =
            options.Add && File.Exists(file)
                ? ReportFiles.Read<FailoverReport>(file, "It cannot be added to: remove it, or give another --out.")
                : null;
        var machine = await Machine.ReadAsync();
        var nothingYet = Report(machine, []);
        _ = earlier is null ? nothingYet : AddTo(earlier, nothingYet);

        var interrupted = false;
        try
        {
            foreach (var setup in Enum.GetValues<SystemSetup>())
            {
                await MeasureAsync(setup, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            interrupted = true;
        }
        finally
        {
            // Also when something went wrong after half an hour: --add has the rest measured.
            if (_measured.Count > 0)
            {
                var report = Report(machine, _measured);
                report = earlier is null ? report : AddTo(earlier, report);
                await ReportFiles.WriteAsync(options.Out, ReportName, report, FailoverMarkdown.Render(report));
            }
        }

        return interrupted ? 130 : 0;
    }

    private async Task MeasureAsync(SystemSetup setup, CancellationToken cancellationToken)
    {
        Contestant[] contestants = [.. _contestants.Where(c => c.System == setup)];
        Fault[] faults = [.. _faults.Where(f => IsMeasured(f, setup))];
        if (contestants.Length == 0 || faults.Length == 0)
        {
            return;
        }

        Say($"Starting the system for {string.Join(", ", contestants.Select(c => c.Name))}.");
        await using var system = await SystemUnderTest.StartAsync(setup, cancellationToken);
        var measurement = new FaultMeasurement(system, options.Rate);
        foreach (var fault in faults)
        {
            foreach (var contestant in contestants)
            {
                var measured = await measurement.MeasureAsync(fault, contestant, cancellationToken);
                _measured.Add(measured with { At = DateTimeOffset.UtcNow });
                Say(
                    $"{fault.Id}, {contestant.Name}: {measured.Requests} requests, {measured.Failed} failed, slowest "
                        + $"{measured.Slowest:0} ms, {measured.Lost} lost, {measured.Doubled} doubled"
                );
            }
        }
    }

    private static bool IsMeasured(Fault fault, SystemSetup setup) =>
        setup switch
        {
            SystemSetup.Unsupervised => !fault.NeedsSupervisor,
            SystemSetup.WithoutHolding => fault.ShowsHolding,
            _ => true,
        };

    private FailoverReport Report(Machine machine, IReadOnlyList<Measured> measured) =>
        new(machine, options, [.. _faults.Select(Describe)], [.. _contestants.Select(Describe)], measured);

    private FailoverReport AddTo(FailoverReport earlier, FailoverReport report) =>
        report.AddTo(
            earlier,
            [.. FaultCatalogue.Create(options.Kills, options.Quick).Select(Describe)],
            [.. ContestantCatalogue.All.Select(Describe)]
        );

    private static ReportedFault Describe(Fault fault) => new(fault.Id, fault.Name, fault.Description, fault.ShowsDistribution);

    private static ReportedContestant Describe(Contestant contestant) => new(contestant.Id, contestant.Name, contestant.Setup);

    private void Say(string what)
    {
        var total = _contestants.Sum(c => _faults.Count(f => IsMeasured(f, c.System)));
        Console.WriteLine($"[{_watch.Elapsed:mm\\:ss}] {_measured.Count}/{total} {what}");
    }
}
