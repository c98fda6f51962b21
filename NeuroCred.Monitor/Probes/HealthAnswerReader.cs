using System.Net;
using System.Text.Json;

namespace NeuroCred.Monitor.Probes;

/// <summary>
/// Reads the answers of <c>/health</c> and <c>/health/ready</c>. The status decides; the body is optional, so that services without one can
/// be watched too.
/// </summary>
/// <example><code>
/// {"status":"healthy","service":"NeuroCred API","version":"1.0.0","started":"2026-11-26T01:14:21.5+00:00","draining":false}
/// {"status":"degraded","service":"NeuroCred
/// API","version":"1.0.0","dependencies":{"redis":{"status":"degraded","durationMs":500,"detail":"no answer within 500 ms"}}}
/// </code></example>
internal static class HealthAnswerReader
{
    /// <summary>Reads an answer.</summary>
    public static ProbeResult Read(HttpStatusCode status, ReadOnlyMemory<byte> body, TimeSpan latency)
    {
        var outcome = status == HttpStatusCode.OK ? ProbeOutcome.Ok : ProbeOutcome.Unhealthy;
        var code = ((int)status).ToString();
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return Read(document.RootElement, outcome, code, latency);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or a text in it that is no Unicode: the latter is found when the text is read.
        }

        return new(outcome, latency, outcome == ProbeOutcome.Ok ? null : code);
    }

    private static ProbeResult Read(JsonElement answer, ProbeOutcome outcome, string code, TimeSpan latency)
    {
        var said = ReadText(answer, "reason");
        var unhealthy = ReadUnhealthy(answer);
        var words =
            said ?? (unhealthy.Count > 0 ? string.Join(", ", unhealthy.Select(d => $"{d.Key} {d.Value}")) : ReadText(answer, "status"));
        var degraded = ReadText(answer, "status") == "degraded";
        return new(
            outcome,
            latency,
            outcome == ProbeOutcome.Ok && !degraded ? null
                : outcome == ProbeOutcome.Ok ? words
                : words is null ? code
                : $"{code}: {words}"
        )
        {
            Started =
                answer.TryGetProperty("started", out var started)
                && started.ValueKind == JsonValueKind.String
                && started.TryGetDateTimeOffset(out var at)
                    ? at
                    : null,
            IsDraining =
                said == "draining" || (answer.TryGetProperty("draining", out var draining) && draining.ValueKind == JsonValueKind.True),
            IsDegraded = degraded,
            UnhealthyDependencies = unhealthy,
        };
    }

    private static Dictionary<string, string> ReadUnhealthy(JsonElement answer)
    {
        Dictionary<string, string> unhealthy = [];
        if (answer.TryGetProperty("dependencies", out var dependencies) && dependencies.ValueKind == JsonValueKind.Object)
        {
            foreach (var dependency in dependencies.EnumerateObject().Where(d => d.Value.ValueKind == JsonValueKind.Object))
            {
                if (ReadText(dependency.Value, "status") is { } status and not "healthy")
                {
                    unhealthy[dependency.Name] = ReadText(dependency.Value, "detail") is { } detail ? $"{status}: {detail}" : status;
                }
            }
        }

        return unhealthy;
    }

    private static string? ReadText(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
