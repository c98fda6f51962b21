using System.Diagnostics;
using System.Diagnostics.Metrics;
using NeuroCred.Monitor.AccessLog;

namespace NeuroCred.Monitor.Telemetry;

/// <summary>What the gateway had to do with one replica since the monitor's start, and the labels of the replica's metrics.</summary>
internal sealed class ReplicaTotals(string replica)
{
    private static readonly string[] s_outcomes = [.. Enum.GetValues<AttemptOutcome>().Select(Word)];

    private readonly long[] _attempts = new long[s_outcomes.Length];

    /// <summary>Requests whose answer came from it.</summary>
    public long Answers { get; private set; }

    /// <summary>Attempts that failed and after which another replica was asked.</summary>
    public long Failovers { get; private set; }

    /// <summary>The labels of the time until connected.</summary>
    public TagList Connect { get; } = Phase(replica, "connect");

    /// <summary>The labels of the time until the first byte.</summary>
    public TagList Header { get; } = Phase(replica, "header");

    /// <summary>The labels of the time until the last byte.</summary>
    public TagList Response { get; } = Phase(replica, "response");

    /// <summary>Counts an attempt.</summary>
    public void Add(UpstreamAttempt attempt, bool isLast)
    {
        _attempts[(int)attempt.Outcome]++;
        Answers += isLast && attempt.Header >= 0 ? 1 : 0;
        Failovers += attempt.Failed && !isLast ? 1 : 0;
    }

    /// <summary>The attempts, by what came of them.</summary>
    public IEnumerable<Measurement<long>> ReadAttempts()
        => _attempts.Select((count, i) => new Measurement<long>(count, new("replica", replica), new KeyValuePair<string, object?>("outcome", s_outcomes[i])));

    /// <summary>A number with the replica's label.</summary>
    public Measurement<long> Of(long value) => new(value, new KeyValuePair<string, object?>("replica", replica));

    private static TagList Phase(string replica, string phase) => new() { { "replica", replica }, { "phase", phase } };

    private static string Word(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Ok => "ok",
        AttemptOutcome.Refused => "refused",
        AttemptOutcome.Timeout => "timeout",
        AttemptOutcome.Reset => "reset",
        AttemptOutcome.ServerError => "server_error",
        _ => "abandoned",
    };
}
