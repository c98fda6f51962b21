using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Monitor.Probes;

/// <summary>The probes of one kind within the window.</summary>
internal sealed class ProbeHistory(TimeSpan window, TimeProvider time)
{
    private readonly Queue<(long At, bool Succeeded, int Milliseconds)> _probes = new();

    /// <summary>Adds the result of a probe.</summary>
    public void Add(ProbeResult result)
    {
        _probes.Enqueue((time.GetTimestamp(), result.Outcome == ProbeOutcome.Ok, (int)Math.Round(result.Latency.TotalMilliseconds)));
        RemoveOld();
    }

    /// <summary>The counts and quantiles within the window.</summary>
    public ProbeCounts Read()
    {
        RemoveOld();
        var latency = new LatencyHistogram();
        foreach (var probe in _probes.Where(p => p.Succeeded))
        {
            latency.Add(probe.Milliseconds);
        }

        var succeeded = _probes.Count(p => p.Succeeded);
        return new(succeeded, _probes.Count - succeeded, latency.Read());
    }

    private void RemoveOld()
    {
        while (_probes.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > window)
        {
            _probes.Dequeue();
        }
    }
}
