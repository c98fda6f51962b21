using System.Reflection;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Nginx.Configuration;

/// <summary>A template of the folder <c>nginx/</c>: text with <c>{{placeholders}}</c>.</summary>
/// <param name="name">Its path in that folder, for errors.</param>
/// <param name="text">The text.</param>
internal sealed partial class NginxTemplate(string name, string text)
{
    /// <summary>Reads a template that is part of this assembly.</summary>
    /// <param name="name">Its path in the folder <c>nginx/</c>.</param>
    internal static NginxTemplate Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The template 'nginx/{name}' is not part of the assembly."));
        return new(name, reader.ReadToEnd());
    }

    /// <summary>Fills in the values. Further lines of a value are indented like its placeholder.</summary>
    /// <param name="values">The values, already in nginx's language.</param>
    /// <exception cref="DistributedApplicationException">The template has a placeholder that has no value.</exception>
    internal string Render(IReadOnlyDictionary<string, string> values) => Placeholder().Replace(text, match =>
    {
        var placeholder = match.Groups["name"].Value;
        var indent = match.Groups["indent"].Value;
        return values.TryGetValue(placeholder, out var value)
            ? indent + value.Replace("\n", "\n" + indent, StringComparison.Ordinal)
            : throw new DistributedApplicationException(
                $"The template 'nginx/{name}' has a placeholder {{{{{placeholder}}}}}, and nothing of that name: use one of {string.Join(", ", values.Keys.Order(StringComparer.Ordinal))}.");
    });

    [GeneratedRegex(@"(?<indent>^[ \t]*)?\{\{(?<name>[^{}\r\n]*)\}\}", RegexOptions.Multiline)]
    private static partial Regex Placeholder();
}
