using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Traffic;

/// <summary>What clients saw of the gateway within some time.</summary>
internal sealed class GatewayCounts
{
    private readonly MethodHistograms _methods = new();
    private readonly LatencyHistogram _all = new();
    private readonly LatencyHistogram _held = new();
    private long _requests;
    private long _failed;
    private long _failedOver;
    private long _heldFailed;

    /// <summary>Counts a request.</summary>
    public void Add(AccessLogEntry entry)
    {
        _requests++;
        _failed += entry.Status >= 500 ? 1 : 0;
        _failedOver += entry.Attempts.Count > 1 ? 1 : 0;
        if (entry.Held > 0)
        {
            _held.Add(entry.Held);
            _heldFailed += entry.Status >= 500 ? 1 : 0;
        }

        if (!entry.IsStream)
        {
            _all.Add(entry.Milliseconds);
            _methods.Add(entry.Method, entry.Milliseconds);
        }
    }

    /// <summary>Adds the counts of another one.</summary>
    public void Add(GatewayCounts other)
    {
        _requests += other._requests;
        _failed += other._failed;
        _failedOver += other._failedOver;
        _heldFailed += other._heldFailed;
        _held.Add(other._held);
        _all.Add(other._all);
        _methods.Add(other._methods);
    }

    /// <summary>The counts and quantiles.</summary>
    public GatewayTraffic Read() =>
        new()
        {
            Requests = _requests,
            Failed = _failed,
            FailedOver = _failedOver,
            Held = _held.Read(),
            HeldFailed = _heldFailed,
            Request = _all.Read(),
            ByMethod = _methods.Read(),
        };
}
