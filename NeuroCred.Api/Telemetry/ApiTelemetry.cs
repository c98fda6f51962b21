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

    public static void Count(ScoreOutcome outcome) => Scores.Add(1, new KeyValuePair<string, object?>("outcome", outcome switch
    {
        ScoreOutcome.Computed => "computed",
        ScoreOutcome.Replayed => "replayed",
        ScoreOutcome.OtherPayload => "other_payload",
        _ => "still_running",
    }));
}
