using NeuroCred.Balancer.Policy;

namespace NeuroCred.Benchmarks.Simulation;

/// <summary>A client's request.</summary>
internal sealed record SimulatedRequest(int Number, ClientNetwork Client, double Arrived)
{
    /// <summary>The replicas that were asked, in order.</summary>
    public List<int> Tried { get; } = [];
}

/// <summary>A gateway: sends each request to a replica, and to another one when that fails, as the policy says.</summary>
internal sealed class SimulatedGateway(
    BalancingPolicy policy,
    Balancer balancer,
    IReadOnlyList<SimulatedReplica> replicas,
    EventQueue events,
    SimulationResult result
)
{
    private readonly UpstreamServer[] _upstreams = [.. replicas.Select((_, i) => new UpstreamServer(i, policy.Failures))];
    private readonly List<UpstreamServer> _candidates = [];

    // All wait equally long, so who was sent first is given up first: one planned event is enough for all of them.
    private readonly Queue<Attempt> _unanswered = [];

    public void Send(SimulatedRequest request)
    {
        _candidates.Clear();
        foreach (var upstream in _upstreams)
        {
            if (!request.Tried.Contains(upstream.Replica) && upstream.IsAvailable(events.Now))
            {
                _candidates.Add(upstream);
            }
        }

        if (_candidates.Count == 0)
        {
            result.Fail(request);
            return;
        }

        var chosen = balancer(_candidates, request.Client);
        chosen.Begin(events.Now);
        request.Tried.Add(chosen.Replica);
        var attempt = new Attempt(request, this, chosen) { Arrived = events.Now };
        replicas[chosen.Replica].Accept(attempt);
        if (!attempt.IsOver)
        {
            _unanswered.Enqueue(attempt);
            if (_unanswered.Count == 1)
            {
                events.At(DeadlineOf(attempt), GiveUp);
            }
        }
    }

    /// <summary>An answer came, or the connection broke or was given up.</summary>
    public void OnEnd(Attempt attempt, bool failed)
    {
        attempt.Upstream.End(events.Now, failed);
        var request = attempt.Request;
        if (!failed)
        {
            result.Answer(request, attempt, events.Now);
        }
        else if (request.Tried.Count < Tries && events.Now - request.Arrived < TotalTime)
        {
            Send(request);
        }
        else
        {
            result.Fail(request);
        }
    }

    private void GiveUp()
    {
        while (_unanswered.TryPeek(out var first) && (first.IsOver || DeadlineOf(first) <= events.Now))
        {
            // Ended before it leaves the queue: what is sent in its place must not plan another event.
            first.End(failed: true);
            _unanswered.Dequeue();
        }

        if (_unanswered.TryPeek(out var next))
        {
            events.At(DeadlineOf(next), GiveUp);
        }
    }

    private double DeadlineOf(Attempt attempt) => attempt.Arrived + policy.Timeouts.Read.TotalSeconds;

    private int Tries => policy.Retries.Tries == 0 ? int.MaxValue : policy.Retries.Tries;

    private double TotalTime => policy.Retries.TotalTime == TimeSpan.Zero ? double.PositiveInfinity : policy.Retries.TotalTime.TotalSeconds;
}
