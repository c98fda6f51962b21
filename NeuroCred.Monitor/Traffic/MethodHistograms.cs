using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Traffic;

/// <summary>How long requests took, per method.</summary>
internal sealed class MethodHistograms
{
    private readonly Dictionary<string, LatencyHistogram> _methods = [];

    /// <summary>Counts a request.</summary>
    public void Add(string method, int milliseconds) => Of(method).Add(milliseconds);

    /// <summary>Adds the counts of another one.</summary>
    public void Add(MethodHistograms other)
    {
        foreach (var (method, durations) in other._methods)
        {
            Of(method).Add(durations);
        }
    }

    /// <summary>The quantiles of each method that was counted.</summary>
    public IReadOnlyDictionary<string, Latency> Read() => _methods.ToDictionary(m => m.Key, m => m.Value.Read()!);

    private LatencyHistogram Of(string method) => _methods.TryGetValue(method, out var durations) ? durations : _methods[method] = new();
}
