using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Scraping;

namespace NeuroCred.Tests.Monitor.Diagnostics;

/// <summary>Builds what the rules judge: three replicas, all of which are well except for what a test changes.</summary>
internal sealed class ObservationBuilder
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);
    private static readonly double[] s_bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Dictionary<string, ObservedReplica> _replicas;
    private Observation _observation;

    public ObservationBuilder(params ReadOnlySpan<string> replicas)
    {
        _replicas = (replicas.Length == 0 ? ["api-1", "api-2", "api-3"] : replicas.ToArray()).ToDictionary(name => name, Well);
        _observation = new()
        {
            Time = Now,
            Policy = new(),
            LatencyObjective = TimeSpan.FromMilliseconds(100),
            Window = s_window,
            Gateway = new()
            {
                Requests = 0,
                Failed = 0,
                FailedOver = 0,
                Held = null,
                HeldFailed = 0,
                Request = null,
                ByMethod = new Dictionary<string, Latency>(),
            },
            GatewaySilence = null,
            LogProblem = null,
            RecentRequests = 0,
            Answers = 0,
            Replicas = [],
        };
    }

    /// <summary>Latencies that are all alike.</summary>
    public static Latency Latency(double milliseconds, long count = 100) =>
        new(count, milliseconds, milliseconds, milliseconds, milliseconds);

    /// <summary>The same as a replica counts them.</summary>
    public static DurationHistogram Durations(double milliseconds, double count)
    {
        var seconds = milliseconds / 1000;
        var none = new Dictionary<string, string>();
        return DurationHistogram.From(
            [
                .. s_bounds.Select(b => new MetricSample(
                    "t_bucket",
                    new Dictionary<string, string> { ["le"] = b.ToString() },
                    b >= seconds ? count : 0
                )),
                new("t_bucket", new Dictionary<string, string> { ["le"] = "+Inf" }, count),
                new("t_sum", none, seconds * count),
                new("t_count", none, count),
            ],
            "t",
            _ => true
        );
    }

    public ObservationBuilder With(Func<Observation, Observation> change)
    {
        _observation = change(_observation);
        return this;
    }

    public ObservationBuilder Policy(Func<BalancingPolicy, BalancingPolicy> change) => With(m => m with { Policy = change(m.Policy) });

    /// <summary>How long the gateway's requests take, per method.</summary>
    public ObservationBuilder Methods(params (string Method, Latency Latency)[] methods) =>
        With(o => o with { Gateway = o.Gateway with { ByMethod = methods.ToDictionary(m => m.Method, m => m.Latency) } });

    public ObservationBuilder Replica(string name, Func<ObservedReplica, ObservedReplica> change)
    {
        _replicas[name] = change(_replicas[name]);
        return this;
    }

    /// <summary>Without any replica, where they come and go.</summary>
    public ObservationBuilder None()
    {
        _replicas.Clear();
        return this;
    }

    public ObservationBuilder All(Func<ObservedReplica, ObservedReplica> change)
    {
        foreach (var name in _replicas.Keys.ToList())
        {
            Replica(name, change);
        }

        return this;
    }

    public ObservationBuilder Health(string name, Func<ReplicaHealth, ReplicaHealth> change) =>
        Replica(name, r => r with { Health = change(r.Health) });

    /// <summary>What a replica's probes said, for long.</summary>
    public ObservationBuilder State(
        string name,
        ReplicaState state,
        string? reason = null,
        params (string Name, string Text)[] unhealthy
    ) =>
        Health(
            name,
            h => h with { State = state, Reason = reason, UnhealthyDependencies = unhealthy.ToDictionary(u => u.Name, u => u.Text) }
        );

    /// <summary>What all replicas' probes said, for long.</summary>
    public ObservationBuilder States(ReplicaState state, string reason, params (string Name, string Text)[] unhealthy)
    {
        foreach (var name in _replicas.Keys.ToList())
        {
            State(name, state, reason, unhealthy);
        }

        return this;
    }

    /// <summary>A replica that is not asked, or not with success.</summary>
    public ObservationBuilder Silent(string name, long attempts = 0, AttemptFailures? failures = null) =>
        Traffic(
            name,
            t =>
                t with
                {
                    Answers = 0,
                    Attempts = attempts,
                    Failures = failures ?? new(0, 0, 0, 0),
                    Failovers = failures?.Total ?? 0,
                    Connect = null,
                    Response = null,
                }
        );

    public ObservationBuilder Traffic(string name, Func<ReplicaTraffic, ReplicaTraffic> change) =>
        Replica(name, r => r with { Traffic = change(r.Traffic), Recent = change(r.Recent) });

    /// <summary>Requests that take this long, seen from the gateway, and from the replica.</summary>
    public ObservationBuilder Slow(string name, double gateway, double server, double count = 100) =>
        Replica(
            name,
            r =>
                r with
                {
                    Traffic = r.Traffic with { Response = Latency(gateway, (long)count) },
                    Server = r.Server! with { Requests = Durations(server, count) },
                }
        );

    public ObservationBuilder Server(string name, Func<ReplicaMetrics, ReplicaMetrics> change) =>
        Replica(name, r => r with { Server = change(r.Server!) });

    public ObservationBuilder Servers(Func<ReplicaMetrics, ReplicaMetrics> change) => All(r => r with { Server = change(r.Server!) });

    /// <summary>All that the gateway and the replicas take, by the replicas' own account.</summary>
    public ObservationBuilder SlowEverywhere(double gateway, double server, Func<ReplicaMetrics, ReplicaMetrics> change)
    {
        foreach (var name in _replicas.Keys.ToList())
        {
            Slow(name, gateway, server);
        }

        return Servers(change);
    }

    public Observation Observe()
    {
        var replicas = _replicas.Values.ToList();
        var slowest = replicas.Select(r => r.Traffic.Response?.P95 ?? 0).DefaultIfEmpty(0).Max();
        var answers = replicas.Sum(r => r.Traffic.Answers);
        var byMethod =
            _observation.Gateway.ByMethod.Count > 0
                ? _observation.Gateway.ByMethod
                : new Dictionary<string, Latency> { ["GET"] = Latency(slowest, answers) };
        return _observation with
        {
            Gateway = _observation.Gateway with
            {
                Requests = answers,
                FailedOver = replicas.Sum(r => r.Traffic.Failovers),
                Request = Latency(slowest, answers),
                ByMethod = byMethod,
            },
            RecentRequests = replicas.Sum(r => r.Recent.Answers),
            Answers = answers,
            Replicas = [.. replicas.Select(r => r with { Traffic = WithMethods(r.Traffic, byMethod.Keys) })],
        };
    }

    /// <summary>The ids of what is said of it.</summary>
    public IEnumerable<string> Ids() => Judge().Select(c => c.Id);

    public IReadOnlyList<Finding> Judge() => Diagnostician.Judge(Observe());

    // All methods take a replica the same time, unless a test says otherwise.
    private static ReplicaTraffic WithMethods(ReplicaTraffic traffic, IEnumerable<string> methods) =>
        traffic.ByMethod.Count > 0 || traffic.Response is null
            ? traffic
            : traffic with
            {
                ByMethod = methods.ToDictionary(m => m, _ => traffic.Response),
            };

    private static ObservedReplica Well(string name)
    {
        var traffic = new ReplicaTraffic
        {
            Replica = name,
            Answers = 100,
            Attempts = 100,
            Failures = new(0, 0, 0, 0),
            Failovers = 0,
            Connect = Latency(0),
            Response = Latency(3),
            ByMethod = new Dictionary<string, Latency>(),
        };
        return new()
        {
            Health = new()
            {
                Replica = name,
                State = ReplicaState.Serving,
                Since = Now.AddMinutes(-10),
                Started = Now.AddMinutes(-10),
            },
            Traffic = traffic,
            Recent = traffic with { Answers = 50, Attempts = 50 },
            Server = new()
            {
                Length = s_window,
                Requests = Durations(2, 100),
                Sql = Durations(0.5, 100),
                Redis = Durations(0.2, 100),
                PoolWaits = Durations(0.01, 100),
                CacheHits = 90,
                CacheMisses = 10,
                GcCollections = 1,
                GcPauseSeconds = 0.005,
                ThreadPoolItems = 5000,
                ThreadPoolThreads = 4,
                CpuSeconds = 1,
                CpuCount = 2,
                PoolSize = 10,
            },
        };
    }
}
