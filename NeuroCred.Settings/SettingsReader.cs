using Microsoft.Extensions.Configuration;

namespace NeuroCred.Settings;

/// <summary>
/// Reads single settings of a configuration. One that is not given or blank has its default; one that cannot be read counts as not given
/// and is reported, so that all mistakes are told at once, each with its key and the fix.
/// </summary>
/// <remarks>
/// The framework's binder is not used: it stops at the first value that it cannot convert, says neither what may be given nor how, and
/// knows no <c>500ms</c>.
/// </remarks>
/// <param name="configuration">The configuration's root.</param>
public sealed class SettingsReader(IConfiguration configuration)
{
    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _errors = [];

    /// <summary>Reads a value.</summary>
    /// <param name="text">The text, without blanks around it.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether the text is one.</returns>
    public delegate bool Parser<T>(string text, out T value);

    /// <summary>What is wrong: a sentence each, naming the key and the fix. Empty when all is well.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Adds an error.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="problem">The rest of the sentence, with the fix.</param>
    public void Report(string key, string problem) => _errors.Add($"{key} {problem}");

    /// <summary>Adds errors that were found elsewhere.</summary>
    /// <param name="errors">A sentence each, naming the key and the fix.</param>
    public void Report(IEnumerable<string> errors) => _errors.AddRange(errors);

    /// <summary>Writes the errors, one a line.</summary>
    /// <param name="output">Where to.</param>
    /// <returns>Whether there are any.</returns>
    public bool WriteErrors(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (var error in _errors)
        {
            output.WriteLine(error);
        }

        return _errors.Count > 0;
    }

    /// <summary>A text, without blanks around it; null when it is not given.</summary>
    /// <param name="key">The setting's key, such as <c>Api:Replicas</c>.</param>
    public string? Text(string key)
    {
        _read.Add(key);
        return string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key]!.Trim();
    }

    /// <summary>A text as it is, blanks and all: a key or a password. No error may show it.</summary>
    /// <param name="key">The setting's key.</param>
    public string? Secret(string key)
    {
        _read.Add(key);
        return configuration[key];
    }

    /// <summary>A value that has a parser.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="byDefault">The value when none is given.</param>
    /// <param name="expected">What to give, for the error.</param>
    /// <param name="parse">The parser.</param>
    public T Read<T>(string key, T byDefault, string expected, Parser<T> parse)
    {
        ArgumentNullException.ThrowIfNull(parse);
        if (Text(key) is not { } text)
        {
            return byDefault;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        Report(key, $"is '{text}': give {expected}.");
        return byDefault;
    }

    /// <summary>A whole number.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="byDefault">The number when none is given.</param>
    public int Number(string key, int byDefault) => Read<int>(key, byDefault, "a whole number", int.TryParse);

    /// <summary>A whole number within limits.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="byDefault">The number when none is given.</param>
    /// <param name="least">The least.</param>
    /// <param name="most">The most.</param>
    /// <param name="meaning">What it is, for the error.</param>
    public int Number(string key, int byDefault, int least, int most, string meaning) =>
        Read(
            key,
            byDefault,
            $"{meaning}, {least} to {most}",
            (text, out value) => int.TryParse(text, out value) && value >= least && value <= most
        );

    /// <summary>Yes or no: <c>true</c> or <c>false</c>.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="byDefault">The value when none is given.</param>
    /// <param name="meaning">What <c>true</c> does, for the error.</param>
    public bool Flag(string key, bool byDefault, string? meaning = null) =>
        Read<bool>(key, byDefault, meaning is null ? "true or false" : $"true {meaning}, or false", bool.TryParse);

    /// <summary>A duration, as <see cref="Durations"/> writes them.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="byDefault">The duration when none is given.</param>
    public TimeSpan Duration(string key, TimeSpan byDefault) =>
        Read<TimeSpan>(key, byDefault, "a duration such as 500ms, 10s, 5m or 1h", Durations.TryParse);

    /// <summary>A list: as numbered keys, or as one text with commas or blanks between. Empty when none is given.</summary>
    /// <param name="key">The setting's key.</param>
    public IReadOnlyList<string> List(string key)
    {
        var line = Text(key);
        var children = configuration.GetSection(key).GetChildren().ToList();
        _read.UnionWith(children.Select(child => child.Path));
        return children is not []
            ? [.. children.Select(child => child.Value?.Trim() ?? "").Where(value => value.Length > 0)]
            : line?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    /// <summary>The keys of what a section holds: <c>Monitor:Replicas:0</c>, <c>Monitor:Replicas:1</c>.</summary>
    /// <param name="key">The section's key.</param>
    public IReadOnlyList<string> Children(string key) => [.. configuration.GetSection(key).GetChildren().Select(child => child.Path)];

    /// <summary>Reports every setting of a section that was not read until now.</summary>
    /// <param name="section">The section's key.</param>
    /// <param name="page">The page that lists the keys there are.</param>
    public void ReportUnknown(string section, string page)
    {
        foreach (var (key, value) in configuration.GetSection(section).AsEnumerable())
        {
            if (value is null || _read.Contains(key))
            {
                continue;
            }

            if (key.Equals(section, StringComparison.OrdinalIgnoreCase))
            {
                Report(key, $"is '{value}', and it is a section: give its keys, see {page}.");
                continue;
            }

            var parent = key[..(key.LastIndexOf(':') + 1)];
            var siblings = _read
                .Where(read => read.StartsWith(parent, StringComparison.OrdinalIgnoreCase) && !read[parent.Length..].Contains(':'))
                .Select(read => read[(section.Length + 1)..])
                .Order(StringComparer.Ordinal)
                .ToList();
            var advice = siblings is [] ? $"see {page} for the keys there are" : $"use one of {string.Join(", ", siblings)}";
            Report(key, $"is not known: {advice}.");
        }
    }

    /// <summary>The key as an environment variable: <c>Api__Key</c> for <c>Api:Key</c>.</summary>
    /// <param name="key">The key.</param>
    public static string Variable(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
