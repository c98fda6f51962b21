using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>Measures all costs of a system, one after the other.</summary>
internal sealed class SystemCosts(SystemUnderTest system, SystemMeter meter, CostDatabase database, CostOptions options, Action<string> say)
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

    private readonly CostMeasurement _measurement = new(system, meter, TimeSpan.FromSeconds(options.Seconds));
    private readonly List<CostPoint> _points = [];

    /// <summary>Measures them. The replicas are left without Redis.</summary>
    public async Task<CostReport> MeasureAsync(CancellationToken cancellationToken)
    {
        var at = DateTimeOffset.UtcNow;
        var fresh = meter.Read();
        var workload = await PrepareAsync(cancellationToken);
        var idle = Record(await _measurement.MeasureIdleAsync(cancellationToken));
        var requests = new List<RequestCost>();
        foreach (var kind in CostWorkload.Kinds)
        {
            requests.Add(await MeasureKindAsync(kind, workload, idle, cancellationToken));
        }

        var announcement = await MeasureAnnouncementAsync(idle, cancellationToken);
        var memory = await MeasureMemoryAsync(fresh, workload, cancellationToken);
        var commits = new List<CommitRate>();
        foreach (var connections in s_committers)
        {
            commits.Add(await database.MeasureCommitsAsync(connections, s_commits, cancellationToken));
            say($"{connections} connections: {commits[^1].PerSecond:0} commits/s");
        }

        var cache = await MeasureCacheAsync(requests, workload, idle, cancellationToken);
        var machine = await Machine.ReadAsync();
        var versions = new Dictionary<string, string>(machine.Versions)
        {
            ["Postgres"] = await database.ReadVersionAsync(cancellationToken),
        };
        return new(at, machine with { Versions = versions }, options, requests, idle.Cpu, memory, announcement, commits, cache, _points);
    }

    // Wallets of its own, in Postgres, and replicas that have served some of them.
    private async Task<CostWorkload> PrepareAsync(CancellationToken cancellationToken)
    {
        say("Warming up.");
        var (seed, wallets) = ($"cost {Guid.NewGuid():N}", WalletsPerSecond * options.Seconds);
        var workload = new CostWorkload(seed, wallets);
        await database.FillAsync(seed, wallets, cancellationToken);
        var measurement = new CostMeasurement(system, meter, s_warmUp);
        foreach (var kind in CostWorkload.Kinds)
        {
            await measurement.MeasureAsync(kind, 2 * s_quietRates[kind], workload, cancellationToken);
        }

        return workload;
    }

    private async Task<RequestCost> MeasureKindAsync(
        string kind,
        CostWorkload workload,
        CostPoint idle,
        CancellationToken cancellationToken
    )
    {
        var before = await database.ReadBytesAsync(cancellationToken);
        var quiet = await _measurement.MeasureAsync(kind, s_quietRates[kind], workload, cancellationToken);
        Record(quiet.Point);
        var answerBytes = await AnswerSize.MeasureAsync(system.Gateway, workload.Next(kind)!, cancellationToken);
        var busy = await _measurement.MeasureBusyAsync(kind, workload, cancellationToken);
        Record(busy.Point);
        var after = await database.ReadBytesAsync(cancellationToken);
        double requests = quiet.Outcomes.Count + busy.Outcomes.Count + 1;
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

    private async Task<CpuUse> MeasureAnnouncementAsync(CostPoint idle, CancellationToken cancellationToken)
    {
        // So many that they arrive in batches, as they do where their cost matters: one at a time, waking up costs more than they do.
        var redis = await system.GetConnectionStringAsync("redis", cancellationToken);
        var measured = await _measurement.MeasureAsync(
            "announcement",
            stop => Announcements.SendAsync(redis, Announced, stop),
            cancellationToken
        );
        var each = PerRequest(idle, Record(measured));
        return CpuUse.Of(part => part(each) / SystemUnderTest.Replicas.Count);
    }

    private async Task<MemoryUse> MeasureMemoryAsync(SystemUse fresh, CostWorkload workload, CancellationToken cancellationToken)
    {
        var before = meter.Read().Replicas.Sum(r => r.ResidentBytes);
        await using var clients = new LiveClients();
        await clients.OpenAsync(system.Gateway, LiveConnections, workload.WalletOf, cancellationToken);
        var live = (meter.Read().Replicas.Sum(r => r.ResidentBytes) - before) / 1024.0 / LiveConnections;
        return new(
            LargestReplica(fresh) / Mebibyte,
            AtMost(LargestReplica),
            AtMost(use => use.Gateway.ProportionalBytes),
            AtMost(use => use.Postgres.ProportionalBytes),
            AtMost(use => use.Redis.ProportionalBytes),
            live
        );

        static long LargestReplica(SystemUse use) => use.Replicas.Max(r => r.ResidentBytes);

        double AtMost(Func<SystemUse, long> bytes) => _measurement.Uses.Max(bytes) / Mebibyte;
    }

    private async Task<IReadOnlyList<CacheCost>> MeasureCacheAsync(
        List<RequestCost> requests,
        CostWorkload workload,
        CostPoint idle,
        CancellationToken cancellationToken
    )
    {
        var cached = requests.ToDictionary(r => r.Kind, r => r.Cpu);
        foreach (var kind in CostWorkload.CacheKinds.Except(cached.Keys))
        {
            cached[kind] = await MeasureBusyAsync(kind, workload, idle);
        }

        say("The same without Redis.");
        await system.LeaveOutRedisAsync(cancellationToken);
        var plain = await PrepareAsync(cancellationToken);
        var plainIdle = Record(await _measurement.MeasureIdleAsync(cancellationToken));
        var costs = new List<CacheCost>();
        foreach (var kind in CostWorkload.CacheKinds)
        {
            costs.Add(new(kind, cached[kind], await MeasureBusyAsync(kind, plain, plainIdle)));
        }

        return costs;

        async Task<CpuUse> MeasureBusyAsync(string kind, CostWorkload workload, CostPoint idle)
        {
            var busy = await _measurement.MeasureBusyAsync(kind, workload, cancellationToken);
            return PerRequest(idle, Record(busy.Point));
        }
    }

    // What runs without any request is not billed to the requests.
    private static CpuUse PerRequest(CostPoint idle, CostPoint measured) =>
        CpuUse.Of(part => Math.Max(0, part(measured.Cpu) - part(idle.Cpu)) / measured.PerSecond);

    private CostPoint Record(CostPoint point)
    {
        _points.Add(point);
        say(
            $"{point.Kind}, {point.PerSecond:0}/s, {point.Failed} failed: nginx {point.Cpu.Gateway:0}, replicas "
                + $"{point.Cpu.Replicas:0}, Postgres {point.Cpu.Postgres:0}, Redis {point.Cpu.Redis:0}, machine {point.Machine:0} ms/s"
        );
        return point;
    }
}
