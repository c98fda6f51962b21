using System.Diagnostics.Metrics;
using NeuroCred.Api.Scores;

namespace NeuroCred.Api.Telemetry;

/// <summary>The Api's own metrics.</summary>
internal static class ApiTelemetry
{
    public const string Name = "NeuroCred.Api";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Scores =
        Meter.CreateCounter<long>("neurocred.scores", "{request}", "Requests for a new score, by outcome");

    /// <summary>WebSockets open now.</summary>
    public static readonly UpDownCounter<long> LiveConnections =
        Meter.CreateUpDownCounter<long>("neurocred.live.connections", "{connection}", "Open live-score connections");

    private static readonly Counter<long> LiveEnds =
        Meter.CreateCounter<long>("neurocred.live.ended", "{connection}", "Live-score connections that ended, by reason");

    public static void CountLive(string reason) => LiveEnds.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public static void Count(ScoreOutcome outcome) => Scores.Add(1, new KeyValuePair<string, object?>("outcome", outcome switch
    {
        ScoreOutcome.Computed => "computed",
        ScoreOutcome.Replayed => "replayed",
        ScoreOutcome.OtherPayload => "other_payload",
        _ => "still_running",
    }));
}
