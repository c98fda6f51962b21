using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Traffic;

/// <summary>What clients saw of the gateway in some time.</summary>
internal sealed class GatewayCounts
{
    private static readonly (RequestMethod Method, string Name)[] s_methods =
        [(RequestMethod.Get, "GET"), (RequestMethod.Post, "POST"), (RequestMethod.Other, "other")];

    private readonly LatencyHistogram[] _methods = [.. Enum.GetValues<RequestMethod>().Select(_ => new LatencyHistogram())];
    private readonly LatencyHistogram _all = new();
    private readonly LatencyHistogram _inGateway = new();
    private readonly LatencyHistogram _held = new();
    private long _requests;
    private long _failed;
    private long _failedOver;
    private long _noLiveUpstream;
    private long _heldFailed;

    /// <summary>Counts a request.</summary>
    public void Add(AccessLogEntry entry)
    {
        _requests++;
        _failed += entry.Status >= 500 ? 1 : 0;
        _failedOver += entry.Attempts.Count > 1 ? 1 : 0;
        _noLiveUpstream += entry.HasNoLiveUpstream ? 1 : 0;
        if (entry.Held > 0)
        {
            _held.Add(entry.Held);
            _heldFailed += entry.Status >= 500 ? 1 : 0;
        }

        if (!entry.IsStream)
        {
            _all.Add(entry.Milliseconds);
            _methods[(int)entry.Method].Add(entry.Milliseconds);
            _inGateway.Add(entry.MillisecondsInGateway);
        }
    }

    /// <summary>Counts what another one counted.</summary>
    public void Add(GatewayCounts other)
    {
        _requests += other._requests;
        _failed += other._failed;
        _failedOver += other._failedOver;
        _noLiveUpstream += other._noLiveUpstream;
        _heldFailed += other._heldFailed;
        _held.Add(other._held);
        _all.Add(other._all);
        _inGateway.Add(other._inGateway);
        for (var i = 0; i < _methods.Length; i++)
        {
            _methods[i].Add(other._methods[i]);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        (_requests, _failed, _failedOver, _noLiveUpstream, _heldFailed) = (0, 0, 0, 0, 0);
        _held.Clear();
        _all.Clear();
        _inGateway.Clear();
        foreach (var method in _methods)
        {
            method.Clear();
        }
    }

    /// <summary>Sums it up.</summary>
    public GatewayTraffic Read() => new()
    {
        Requests = _requests,
        Failed = _failed,
        FailedOver = _failedOver,
        NoLiveUpstream = _noLiveUpstream,
        Held = _held.Read(),
        HeldFailed = _heldFailed,
        Request = _all.Read(),
        ByMethod = s_methods.Select(m => (m.Name, Latency: _methods[(int)m.Method].Read())).Where(m => m.Latency is not null).ToDictionary(m => m.Name, m => m.Latency!),
        InGateway = _inGateway.Read(),
    };
}
