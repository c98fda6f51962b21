using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Balancer.Railway;

/// <summary>Writes values as TypeScript wants them.</summary>
internal static class TypeScriptText
{
    /// <summary>Writes a text, in quotes.</summary>
    internal static string Text(string value) => JsonText.Quote(value);
}
