using System.Text.RegularExpressions;

namespace Aspire.Hosting.Processes.StandIns.Nginx;

/// <summary>What envsubst does in the nginx image: defined variables are replaced, everything else (<c>$host</c>) is nginx's.</summary>
internal static partial class EnvironmentTemplate
{
    /// <summary>Replaces <c>$NAME</c> and <c>${NAME}</c>.</summary>
    /// <param name="template">The text.</param>
    /// <param name="variables">The defined variables.</param>
    /// <param name="filter">Which of them count, by name (<c>NGINX_ENVSUBST_FILTER</c>); all when it is empty.</param>
    public static string Render(string template, IReadOnlyDictionary<string, string> variables, string filter = "")
    {
        Regex names = new(filter, RegexOptions.CultureInvariant);
        return Reference()
            .Replace(
                template,
                match =>
                    variables.TryGetValue(match.Groups["name"].Value, out var value) && names.IsMatch(match.Groups["name"].Value)
                        ? value
                        : match.Value
            );
    }

    [GeneratedRegex(@"\$(?:\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))")]
    private static partial Regex Reference();
}
