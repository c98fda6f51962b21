using NeuroCred.Balancer.Policy;

namespace NeuroCred.Benchmarks.Simulation;

/// <summary>
/// What one gateway knows of one replica, as nginx keeps it (src/http/ngx_http_upstream_round_robin.c). All weights are 1: then a failure
/// lowers nobody's weight, as long as <c>max_fails</c> is more than 1.
/// </summary>
internal sealed class UpstreamServer(int replica, FailurePolicy failures)
{
    private int _fails;
    private double _checked,
        _accessed;

    public int Replica { get; } = replica;

    /// <summary>Requests of this gateway that it has.</summary>
    public int Connections { get; set; }

    /// <summary>For taking turns.</summary>
    public int CurrentWeight { get; set; }

    /// <summary>Whether it may be asked now.</summary>
    public bool IsAvailable(double now) =>
        failures.MaxFails == 0 || _fails < failures.MaxFails || Second(now) - _checked > failures.FailTimeout.TotalSeconds;

    /// <summary>It is asked.</summary>
    public void Begin(double now)
    {
        Connections++;
        if (Second(now) - _checked > failures.FailTimeout.TotalSeconds)
        {
            _checked = Second(now);
        }
    }

    /// <summary>It answered, or failed.</summary>
    public void End(double now, bool failed)
    {
        Connections--;
        if (failed)
        {
            _fails++;
            (_accessed, _checked) = (Second(now), Second(now));
        }
        else if (_accessed < _checked)
        {
            _fails = 0;
        }
    }

    // nginx's clock for this has whole seconds.
    private static double Second(double now) => Math.Floor(now);
}
