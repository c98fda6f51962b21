using System.Text.Json.Serialization;

namespace NeuroCred.Monitor.Model;

/// <summary>How all of it is written: <c>camelCase</c>, the words of enumerations in <c>snake_case</c>, what is not known as null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(SnakeCase<ReplicaState>), typeof(SnakeCase<FindingSeverity>), typeof(SnakeCase<TimelineKind>)])]
[JsonSerializable(typeof(SystemSnapshot))]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class MonitorJson : JsonSerializerContext;

/// <summary>Writes an enumeration's words as <c>not_ready</c>.</summary>
internal sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
