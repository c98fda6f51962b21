using System.Text.RegularExpressions;

namespace NeuroCred.Balancer.Deployment;

/// <summary>The policy's server name, for platforms that know nothing but names in DNS.</summary>
internal static partial class DomainName
{
    private const int Longest = 253;

    /// <summary>A name in DNS, in lower case, perhaps with <c>*.</c> before it; null for what nginx alone knows: <c>_</c>, and regular
    /// expressions.</summary>
    internal static string? Of(string serverName)
    {
        var name = serverName.ToLowerInvariant();
        return name.Length <= Longest && Pattern().IsMatch(name) ? name : null;
    }

    [GeneratedRegex(@"\A(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Pattern();
}
