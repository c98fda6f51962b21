using System.Text.Json.Serialization;

namespace NeuroCred.Monitor.Model;

/// <summary>The JSON of the endpoints: names in <c>camelCase</c>, enumerations in <c>snake_case</c>, null for what is not known.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(SnakeCase<ReplicaState>), typeof(SnakeCase<FindingSeverity>), typeof(SnakeCase<TimelineKind>)]
)]
[JsonSerializable(typeof(SystemSnapshot))]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class MonitorJson : JsonSerializerContext;

/// <summary>Writes an enumeration's words as <c>not_ready</c>.</summary>
internal sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
