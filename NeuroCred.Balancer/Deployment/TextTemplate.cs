using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Deployment;

/// <summary>A file to be rendered: text with <c>{{placeholders}}</c>.</summary>
/// <param name="name">Its path in the repository, for errors.</param>
/// <param name="text">The text.</param>
internal sealed partial class TextTemplate(string name, string text)
{
    /// <summary>Reads a template that is part of this assembly.</summary>
    /// <param name="name">Its path: <c>nginx/...</c>, or <c>Kubernetes/Templates/...</c>.</param>
    internal static TextTemplate Read(string name) => new(name, ReadText(name));

    /// <summary>Reads a file that is part of this assembly, as it is.</summary>
    /// <param name="name">Its path: that of a template, or <c>deploy/...</c>.</param>
    internal static string ReadText(string name)
    {
        using var reader = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
                ?? throw new InvalidOperationException($"The template '{name}' is not part of the assembly.")
        );
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Fills in the values. Further lines of a value are indented like its placeholder; a line that holds nothing but a placeholder without
    /// a value goes.
    /// </summary>
    /// <param name="values">The values, already in the file's language.</param>
    /// <exception cref="OptionsValidationException">The template has a placeholder that nothing fills in.</exception>
    internal string Render(IReadOnlyDictionary<string, string> values)
    {
        var lines = Line().Replace(text, match => Find(match, values) is { Length: > 0 } ? match.Value : "");
        return Placeholder()
            .Replace(
                lines,
                match =>
                {
                    var indent = match.Groups["indent"].Value;
                    return indent + LineBreak().Replace(Find(match, values), "\n" + indent);
                }
            );
    }

    private string Find(Match match, IReadOnlyDictionary<string, string> values)
    {
        var placeholder = match.Groups["name"].Value;
        return values.TryGetValue(placeholder, out var value)
            ? value
            : throw PolicyValidator.Invalid(
                $"The template '{name}' has a placeholder {{{{{placeholder}}}}}, and nothing of that name: use one of "
                    + $"{string.Join(", ", values.Keys.Order(StringComparer.Ordinal))}."
            );
    }

    // Before a line that is not empty: an empty one is not indented.
    [GeneratedRegex(@"\n(?!\n)")]
    private static partial Regex LineBreak();

    [GeneratedRegex(@"^[ \t]*\{\{(?<name>[^{}\r\n]*)\}\}[ \t]*\r?\n", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<indent>^[ \t]*)?\{\{(?<name>[^{}\r\n]*)\}\}", RegexOptions.Multiline)]
    private static partial Regex Placeholder();
}
