using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuroCred.ServiceDefaults.Health;

/// <summary>
/// The body of <c>/health</c>. When the process was started, and whether it drains, is not for the outside: by the former a monitor sees a
/// restart that fell between two of its questions, by the latter that an end was meant.
/// </summary>
internal sealed record LivenessAnswer(string Status, string Service, string Version, DateTimeOffset? Started, bool? Draining);

/// <summary>
/// The body of <c>/health/ready</c>. <c>ready</c> and <c>degraded</c> come with 200, <c>not_ready</c> with 503. Monitors match the literal
/// <c>"status":"ready"</c>, and <c>degraded</c> does not match on purpose: it is for balancers to ignore and for people to notice.
/// What the dependencies are, and what is wrong with them, is not for the outside.
/// </summary>
internal sealed record ReadinessAnswer(
    string Status,
    string Service,
    string Version,
    string? Reason,
    IReadOnlyDictionary<string, DependencyAnswer>? Dependencies
)
{
    public static ReadinessAnswer From(ReadinessReport report, ServiceIdentity identity, bool draining, bool outside = false) =>
        new(
            draining
                ? "not_ready"
                : report.Status switch
                {
                    HealthStatus.Healthy => "ready",
                    HealthStatus.Degraded => "degraded",
                    _ => "not_ready",
                },
            identity.Service,
            identity.Version,
            draining ? "draining" : null,
            outside ? null : report.Dependencies.ToDictionary(d => d.Name, DependencyAnswer.From)
        );
}

/// <summary>One entry of <see cref="ReadinessAnswer.Dependencies"/>.</summary>
internal sealed record DependencyAnswer(string Status, double DurationMs, string? Detail)
{
    public static DependencyAnswer From(DependencyReport report) =>
        new(report.Status.ToString().ToLowerInvariant(), Math.Round(report.Duration.TotalMilliseconds, 1), report.Detail);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(LivenessAnswer))]
[JsonSerializable(typeof(ReadinessAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
