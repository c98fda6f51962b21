using NeuroCred.Monitor.Model;

namespace NeuroCred.Tests.Monitor.Live;

/// <summary>A system of replicas that share 100 requests a second, and what happens to them.</summary>
internal sealed class Scene
{
    private readonly Dictionary<string, (ReplicaState State, string? Reason, DateTimeOffset Since)> _states = [];
    private readonly List<TimelineEvent> _events = [];
    private readonly List<Finding> _findings = [];
    private readonly List<string> _replicas;

    public Scene(int replicas, DateTimeOffset? since = null)
        : this([.. Enumerable.Range(1, replicas).Select(i => $"api-{i}")], since) { }

    public Scene(IEnumerable<string> replicas, DateTimeOffset? since = null)
    {
        _replicas = [.. replicas];
        foreach (var replica in _replicas)
        {
            _states[replica] = (ReplicaState.Serving, null, since ?? DateTimeOffset.UtcNow.AddHours(-1));
        }
    }

    /// <summary>Something happens to a replica.</summary>
    public Scene Happens(string replica, ReplicaState state, string? reason, TimelineKind kind, string text, DateTimeOffset? when = null)
    {
        lock (_states)
        {
            var time = when ?? DateTimeOffset.UtcNow;
            _states[replica] = (state, reason, time);
            _events.Insert(0, new(time, kind, replica, text));
            return this;
        }
    }

    public Scene Kill(string replica) =>
        Happens(replica, ReplicaState.Down, "connection refused", TimelineKind.Gone, $"{replica} was killed");

    public Scene ComesBack(string replica) => Happens(replica, ReplicaState.Serving, null, TimelineKind.Back, $"{replica} serves again");

    /// <summary>Whether the gateway answers. Default: true.</summary>
    public bool GatewayAnswers { get; set; } = true;

    /// <summary>What is found wrong from now on, the worst first.</summary>
    public Scene Finds(params Finding[] findings)
    {
        lock (_states)
        {
            _findings.Clear();
            _findings.AddRange(findings);
            return this;
        }
    }

    /// <summary>A finding about one replica.</summary>
    public static Finding Finding(string id, FindingSeverity severity, string replica, string title) =>
        new(
            id,
            severity,
            [replica],
            title,
            $"The process of {replica} has ended.",
            ["12 of 15 attempts were refused."],
            ["Look at its console log.", "Start it again."],
            DateTimeOffset.UtcNow.AddSeconds(-4)
        );

    /// <summary>The snapshot, with points for the seconds before it: the n-th of them has the rate n.</summary>
    public SystemSnapshot At(DateTimeOffset time, int seconds = 120)
    {
        lock (_states)
        {
            var serving = _replicas.Count(r => _states[r].State.IsServing);
            return new()
            {
                Time = time,
                Seconds = time.ToUnixTimeSeconds(),
                WindowSeconds = 10,
                Gateway = new()
                {
                    Up = GatewayAnswers,
                    Rate = 100,
                    ErrorRatio = 0,
                    FailoverRate = 0,
                    Held = null,
                    HeldFailed = 0,
                    Request = new(1000, 2.5, 9.1, 20.4, 41),
                    Connections = new(12, 0, 2, 10),
                    Log = new(12_000, 0, 0),
                },
                Replicas = [.. _replicas.Select(replica => Replica(replica, serving, seconds))],
                Diagnosis = new(time, Summary, [.. _findings]),
                Events = [.. _events.Take(200)],
            };
        }
    }

    private string Summary =>
        _findings switch
        {
            [] => "Nothing wrong.",
            [var one] => one.Title,
            _ => $"{_findings.Count} findings. The worst: {_findings[0].Title}",
        };

    private ReplicaSnapshot Replica(string name, int serving, int seconds)
    {
        var (state, reason, since) = _states[name];
        var isServing = state.IsServing;
        var latency = isServing ? new Latency(100, 2.1, 8.4, 19.6, 40) : null;
        var failures = isServing ? new AttemptFailures(0, 0, 0, 0) : new AttemptFailures(12, 0, 3, 0);
        return new()
        {
            Name = name,
            Url = $"http://localhost:{4001 + _replicas.IndexOf(name)}/",
            Health = new()
            {
                Replica = name,
                State = state,
                Since = since,
                Reason = reason,
            },
            Traffic = new()
            {
                Replica = name,
                Answers = isServing ? 1000 / serving : 0,
                Attempts = isServing ? 1000 / serving : 15,
                Failures = failures,
                Failovers = failures.Total,
                Connect = latency,
                Response = latency,
                ByMethod = new Dictionary<string, Latency>(),
            },
            Share = isServing ? 1.0 / serving : 0,
            Rate = isServing ? 100.0 / serving : 0,
            ErrorRatio = isServing ? 0 : 1,
            InFlight = isServing ? 1 : null,
            History =
            [
                .. Enumerable
                    .Range(1, seconds)
                    .Select(n => new HistoryPoint(n, n, n == 60 ? 2 : 0, n == 60 ? 2 : 0, n % 10 == 0 ? null : 8 + (n % 3))),
            ],
        };
    }
}
