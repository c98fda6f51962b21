using System.Text.Encodings.Web;
using System.Text.Json;

namespace NeuroCred.Balancer.Deployment;

/// <summary>Writes values as YAML wants them.</summary>
internal static class YamlText
{
    // Every JSON string is a double-quoted YAML string: https://yaml.org/spec/1.2.2/#chapter-1-introduction-to-yaml
    private static readonly JsonSerializerOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a text, in quotes, so that it is neither a number nor the end of anything.</summary>
    internal static string Text(string value) => JsonSerializer.Serialize(value, s_options);

    /// <summary>Writes a number where a text is wanted.</summary>
    internal static string Text(long value) => $"\"{Number(value)}\"";

    /// <summary>Writes a number.</summary>
    internal static string Number(long value) => value.ToString();
}
