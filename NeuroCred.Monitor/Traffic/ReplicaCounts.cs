using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Traffic;

/// <summary>The attempts at one replica within some time.</summary>
internal sealed class ReplicaCounts
{
    private readonly long[] _outcomes = new long[Enum.GetValues<AttemptOutcome>().Length];
    private readonly LatencyHistogram _connect = new();
    private readonly LatencyHistogram _response = new();
    private readonly MethodHistograms _methods = new();
    private long _answers;
    private long _failovers;

    /// <summary>Counts an attempt.</summary>
    public void Add(UpstreamAttempt attempt, string method, bool isLast, bool isStream)
    {
        _outcomes[(int)attempt.Outcome]++;
        _failovers += attempt.Failed && !isLast ? 1 : 0;
        _answers += isLast && attempt.Header >= 0 ? 1 : 0;
        if (isStream && isLast)
        {
            return;
        }

        if (attempt.Connect >= 0)
        {
            _connect.Add(attempt.Connect);
        }

        // Without a header nginx logs how long it waited in vain, which is not the time of a response.
        if (attempt.Header >= 0)
        {
            _response.Add(attempt.Response);
            _methods.Add(method, attempt.Response);
        }
    }

    /// <summary>Adds the counts of another one.</summary>
    public void Add(ReplicaCounts other)
    {
        for (var i = 0; i < _outcomes.Length; i++)
        {
            _outcomes[i] += other._outcomes[i];
        }

        _connect.Add(other._connect);
        _response.Add(other._response);
        _methods.Add(other._methods);
        _answers += other._answers;
        _failovers += other._failovers;
    }

    /// <summary>The counts and quantiles.</summary>
    public ReplicaTraffic Read(string replica) =>
        new()
        {
            Replica = replica,
            Answers = _answers,
            Attempts = _outcomes.Sum(),
            Failures = ReadFailures(),
            Failovers = _failovers,
            Connect = _connect.Read(),
            Response = _response.Read(),
            ByMethod = _methods.Read(),
        };

    /// <summary>The same as a point of the history; it must be one second.</summary>
    public HistoryPoint ReadPoint() => new(_answers, _outcomes.Sum(), ReadFailures().Total, _failovers, _response.ReadQuantile(0.95));

    private AttemptFailures ReadFailures() =>
        new(
            _outcomes[(int)AttemptOutcome.Refused],
            _outcomes[(int)AttemptOutcome.Timeout],
            _outcomes[(int)AttemptOutcome.Reset],
            _outcomes[(int)AttemptOutcome.ServerError]
        );
}
