using System.Text.Encodings.Web;
using System.Text.Json;

namespace NeuroCred.Balancer.Railway;

/// <summary>Writes values as TypeScript wants them.</summary>
internal static class TypeScriptText
{
    // Every JSON string is one of JavaScript's: https://tc39.es/proposal-json-superset/
    private static readonly JsonSerializerOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a text, in quotes.</summary>
    internal static string Text(string value) => JsonSerializer.Serialize(value, s_options);
}
