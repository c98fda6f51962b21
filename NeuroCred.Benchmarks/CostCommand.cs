using System.Diagnostics;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Cost;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks;

/// <summary>Measures what a request of each kind costs each part of the system, kind by kind: on a quiet machine, and on a busy
/// one.</summary>
internal sealed class CostCommand(CostOptions options, TextWriter console)
{
    private const int LiveConnections = 600,
        Announced = 10_000;
    private const double Mebibyte = 1024 * 1024;

    // More than a machine of two cores computes scores of, in all measurements together.
    private const int WalletsPerSecond = 400;

    // A tenth to a third of what two cores can do.
    private static readonly Dictionary<string, int> s_quietRates = new()
    {
        [CostWorkload.Score] = 40,
        [CostWorkload.Uncached] = 35, // each score once: less often than they are computed
        [CostWorkload.Transactions] = 60,
        [CostWorkload.Cached] = 200,
    };

    private static readonly int[] s_committers = [1, 4, 16];
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(5),
        s_commits = TimeSpan.FromSeconds(3);

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Measures and reports.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Tool.Require("nginx");
        var at = DateTimeOffset.UtcNow;
        Say("Starting the system.");
        await using var system = await SystemUnderTest.StartAsync(SystemSetup.Supervised, cancellationToken);
        var report = await MeasureAsync(at, system, cancellationToken);
        var markdown = CostMarkdown.Render(report);
        var files = await ReportFiles.WriteAsync(options.Out, "cost", report, markdown);
        await console.WriteLineAsync($"{Environment.NewLine}{markdown}{Environment.NewLine}Written: {string.Join(", ", files)}");
        return 0;
    }

    private async Task<CostReport> MeasureAsync(DateTimeOffset at, SystemUnderTest system, CancellationToken cancellationToken)
    {
        var meter = await SystemMeter.CreateAsync(system, cancellationToken);
        await using var database = new CostDatabase(await system.GetConnectionStringAsync(cancellationToken));
        var fresh = meter.Read();
        var seed = $"cost {Guid.NewGuid():N}";
        var wallets = WalletsPerSecond * options.Seconds;
        var workload = new CostWorkload(seed, wallets);
        await database.FillAsync(seed, wallets, cancellationToken);
        await WarmUpAsync(system, meter, workload, cancellationToken);
        var measurement = new CostMeasurement(system, meter, TimeSpan.FromSeconds(options.Seconds));
        List<CostPoint> points = [await measurement.MeasureIdleAsync(cancellationToken)];
        Say(points[0]);
        var requests = new List<RequestCost>();
        foreach (var kind in CostWorkload.Kinds)
        {
            requests.Add(await MeasureKindAsync(kind, measurement, workload, database, system, points, cancellationToken));
        }

        var announcement = await MeasureAnnouncementsAsync(measurement, system, points, cancellationToken);
        var memory = await MeasureMemoryAsync(fresh, measurement, meter, workload, system, cancellationToken);
        var commits = new List<CommitRate>();
        foreach (var connections in s_committers)
        {
            commits.Add(await database.MeasureCommitsAsync(connections, s_commits, cancellationToken));
            Say($"{connections} connections: {commits[^1].PerSecond:0} commits/s");
        }

        var cache = await MeasureCacheAsync(requests, measurement, meter, workload, system, database, points, cancellationToken);
        var machine = await Machine.ReadAsync();
        var versions = new Dictionary<string, string>(machine.Versions)
        {
            ["Postgres"] = await database.ReadVersionAsync(cancellationToken),
        };
        return new(
            at,
            machine with
            {
                Versions = versions,
            },
            options,
            requests,
            points[0].Cpu,
            memory,
            announcement,
            commits,
            cache,
            points
        );
    }

    private async Task WarmUpAsync(SystemUnderTest system, SystemMeter meter, CostWorkload workload, CancellationToken cancellationToken)
    {
        Say("Warming up.");
        foreach (var kind in CostWorkload.Kinds)
        {
            await new CostMeasurement(system, meter, s_warmUp).MeasureAsync(kind, 2 * s_quietRates[kind], workload, cancellationToken);
        }
    }

    private async Task<RequestCost> MeasureKindAsync(
        string kind,
        CostMeasurement measurement,
        CostWorkload workload,
        CostDatabase database,
        SystemUnderTest system,
        List<CostPoint> points,
        CancellationToken cancellationToken
    )
    {
        var before = await database.ReadBytesAsync(cancellationToken);
        var quiet = await measurement.MeasureAsync(kind, s_quietRates[kind], workload, cancellationToken);
        Say(quiet.Point);
        var answerBytes = await AnswerSize.MeasureAsync(system.Gateway, workload.Next(kind)!, cancellationToken);
        var busy = await measurement.MeasureBusyAsync(kind, workload, cancellationToken);
        Say(busy.Point);
        var after = await database.ReadBytesAsync(cancellationToken);
        double requests = quiet.Outcomes.Count + busy.Outcomes.Count + 1;
        var idle = points[0];
        points.AddRange([quiet.Point, busy.Point]);
        var latencies = Distribution.OfLatencies(quiet.Outcomes);
        return new(
            kind,
            PerRequest(idle, busy.Point),
            PerRequest(idle, quiet.Point),
            busy.Point.PerSecond,
            (after.Wal - before.Wal) / requests,
            (after.Stored - before.Stored) / requests,
            answerBytes,
            latencies.Median,
            latencies.Percentile(0.99)
        );
    }

    private async Task<IReadOnlyList<CacheCost>> MeasureCacheAsync(
        List<RequestCost> requests,
        CostMeasurement measurement,
        SystemMeter meter,
        CostWorkload workload,
        SystemUnderTest system,
        CostDatabase database,
        List<CostPoint> points,
        CancellationToken cancellationToken
    )
    {
        var cached = requests.ToDictionary(r => r.Kind, r => r.Cpu);
        foreach (var kind in CostWorkload.CacheKinds.Except(cached.Keys))
        {
            cached[kind] = await MeasureCpuAsync(kind, points[0], workload);
        }

        Say("The same without Redis.");
        await system.LeaveOutRedisAsync(cancellationToken);
        var seed = $"cost {Guid.NewGuid():N}";
        var plain = new CostWorkload(seed, WalletsPerSecond * options.Seconds);
        await database.FillAsync(seed, WalletsPerSecond * options.Seconds, cancellationToken);
        await WarmUpAsync(system, meter, plain, cancellationToken);
        var idle = await measurement.MeasureIdleAsync(cancellationToken);
        points.Add(idle);
        var costs = new List<CacheCost>();
        foreach (var kind in CostWorkload.CacheKinds)
        {
            costs.Add(new(kind, cached[kind], await MeasureCpuAsync(kind, idle, plain)));
        }

        return costs;

        async Task<CpuUse> MeasureCpuAsync(string kind, CostPoint idle, CostWorkload workload)
        {
            var busy = await measurement.MeasureBusyAsync(kind, workload, cancellationToken);
            Say(busy.Point);
            points.Add(busy.Point);
            return PerRequest(idle, busy.Point);
        }
    }

    private async Task<CpuUse> MeasureAnnouncementsAsync(
        CostMeasurement measurement,
        SystemUnderTest system,
        List<CostPoint> points,
        CancellationToken cancellationToken
    )
    {
        // So many that they arrive in batches, as they do where their cost matters: one at a time, waking up costs more than they do.
        var redis = await system.GetConnectionStringAsync("redis", cancellationToken);
        var measured = await measurement.MeasureAsync(
            "announcement",
            stop => Announcements.SendAsync(redis, Announced, stop),
            cancellationToken
        );
        Say(measured);
        var idle = points[0];
        points.Add(measured);
        var each = PerRequest(idle, measured);
        return CpuUse.Of(part => part(each) / SystemUnderTest.Replicas.Count);
    }

    private static async Task<MemoryUse> MeasureMemoryAsync(
        SystemUse fresh,
        CostMeasurement measurement,
        SystemMeter meter,
        CostWorkload workload,
        SystemUnderTest system,
        CancellationToken cancellationToken
    )
    {
        var before = meter.Read().Replicas.Sum(r => r.ResidentBytes);
        await using var clients = new LiveClients();
        await clients.OpenAsync(system.Gateway, LiveConnections, workload.WalletOf, cancellationToken);
        var live = (meter.Read().Replicas.Sum(r => r.ResidentBytes) - before) / 1024.0 / LiveConnections;
        var largest = measurement.Largest;
        return new(
            fresh.Replicas.Max(r => r.ResidentBytes) / Mebibyte,
            largest.Replicas.Max(r => r.ResidentBytes) / Mebibyte,
            largest.Gateway.ProportionalBytes / Mebibyte,
            largest.Postgres.ProportionalBytes / Mebibyte,
            largest.Redis.ProportionalBytes / Mebibyte,
            live
        );
    }

    // What runs without any request is not billed to the requests.
    private static CpuUse PerRequest(CostPoint idle, CostPoint measured) =>
        CpuUse.Of(part => Math.Max(0, part(measured.Cpu) - part(idle.Cpu)) / measured.PerSecond);

    private void Say(CostPoint point) =>
        Say(
            $"{point.Kind}, {point.PerSecond:0}/s, {point.Failed} failed: nginx {point.Cpu.Gateway:0}, replicas "
                + $"{point.Cpu.Replicas:0}, Postgres {point.Cpu.Postgres:0}, Redis {point.Cpu.Redis:0}, machine {point.Machine:0} ms/s"
        );

    private void Say(string what) => console.WriteLine($"[{_watch.Elapsed:mm\\:ss}] {what}");
}
