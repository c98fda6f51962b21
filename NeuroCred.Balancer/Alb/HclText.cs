using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Balancer.Alb;

/// <summary>Writes values as Terraform's language wants them.
/// https://developer.hashicorp.com/terraform/language/expressions/strings</summary>
internal static class HclText
{
    /// <summary>Writes a text, in quotes.</summary>
    internal static string Text(string value) => $"\"{Inner(value)}\"";

    /// <summary>Writes a text that stands within quotes already: JSON's escapes, and none of what a text may have Terraform
    /// compute.</summary>
    internal static string Inner(string value) =>
        JsonText.Quote(value)[1..^1].Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);
}
