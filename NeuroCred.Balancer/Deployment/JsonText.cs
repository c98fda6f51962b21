using System.Text.Encodings.Web;

namespace NeuroCred.Balancer.Deployment;

/// <summary>Writes texts as JSON strings, which are strings of YAML (https://yaml.org/spec/1.2.2/#chapter-1-introduction-to-yaml) and of
/// JavaScript (https://tc39.es/proposal-json-superset/) too.</summary>
internal static class JsonText
{
    /// <summary>Writes a text, in quotes. What is escaped for HTML's sake by default would only be hard to read here.</summary>
    internal static string Quote(string value) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)}\"";
}
