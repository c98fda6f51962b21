namespace NeuroCred.Benchmarks.Simulation;

/// <summary>A request at one replica.</summary>
/// <param name="request">The request.</param>
/// <param name="gateway">The gateway that sent it.</param>
/// <param name="upstream">The gateway's knowledge of the replica.</param>
internal sealed class Attempt(SimulatedRequest request, SimulatedGateway gateway, UpstreamServer upstream)
{
    public SimulatedRequest Request { get; } = request;

    public UpstreamServer Upstream { get; } = upstream;

    /// <summary>When it came to the replica.</summary>
    public double Arrived { get; init; }

    /// <summary>When its turn came.</summary>
    public double Started { get; set; } = double.NaN;

    /// <summary>Whether the gateway has its answer, or has given it up.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Ends it, once.</summary>
    public void End(bool failed)
    {
        if (!IsOver)
        {
            IsOver = true;
            gateway.OnEnd(this, failed);
        }
    }
}

/// <summary>A replica: serves some requests at once, and keeps the others waiting, in order.</summary>
internal sealed class SimulatedReplica(SimulatedServer server, EventQueue events, RandomSource random)
{
    private readonly Queue<Attempt> _waiting = [];
    private readonly HashSet<Attempt> _serving = [];
    private Duration _service = server.Service;
    private bool _hangs,
        _refuses;

    /// <summary>Takes a request in, or refuses the connection.</summary>
    public void Accept(Attempt attempt)
    {
        if (_refuses)
        {
            attempt.End(failed: true);
            return;
        }

        _waiting.Enqueue(attempt);
        ServeNext();
    }

    /// <summary>From now on it takes everything and answers nothing.</summary>
    public void Hang() => _hangs = true;

    /// <summary>It ends: its connections break, and new ones are refused.</summary>
    public void End()
    {
        (_refuses, _hangs) = (true, false);
        Attempt[] lost = [.. _serving, .. _waiting];
        _serving.Clear();
        _waiting.Clear();
        foreach (var attempt in lost)
        {
            attempt.End(failed: true);
        }
    }

    public void Start() => _refuses = false;

    /// <summary>From now on every request takes longer.</summary>
    public void Slow(Duration delay)
    {
        var service = _service;
        _service = random => service(random) + delay(random);
    }

    private void ServeNext()
    {
        while (!_hangs && _serving.Count < server.Slots && _waiting.TryDequeue(out var attempt))
        {
            _serving.Add(attempt);
            attempt.Started = events.Now;
            events.At(events.Now + _service(random), () => Finish(attempt));
        }
    }

    private void Finish(Attempt attempt)
    {
        // What hung when it was due stays unanswered; what was lost with its process is gone.
        if (!_hangs && _serving.Remove(attempt))
        {
            attempt.End(failed: false);
            ServeNext();
        }
    }
}
