namespace NeuroCred.Balancer.Deployment;

/// <summary>Writes values as YAML wants them.</summary>
internal static class YamlText
{
    /// <summary>Writes a text, in quotes, so that it is neither a number nor the end of anything.</summary>
    internal static string Text(string value) => JsonText.Quote(value);

    /// <summary>Writes a number where a text is wanted.</summary>
    internal static string Text(long value) => $"\"{Number(value)}\"";

    /// <summary>Writes a number.</summary>
    internal static string Number(long value) => value.ToString();
}
