using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace NeuroCred.Balancer.Policy;

/// <summary>
/// Reads single settings of a section. One that is not given has its default; one that cannot be read counts as not given and
/// is reported, so that all errors are told at once.
/// </summary>
/// <param name="configuration">The configuration's root.</param>
/// <param name="name">The section.</param>
/// <param name="page">The page that lists its keys.</param>
internal sealed class PolicySection(IConfiguration configuration, string name = BalancingPolicy.Section, string page = "docs/balancing.md")
{
    private readonly IConfigurationSection _section = configuration.GetSection(name);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _errors = [];

    /// <summary>What could not be read, and what nothing reads.</summary>
    internal IReadOnlyList<string> GetErrors() => [.. _errors, .. FindUnknown()];

    internal string? Text(string key, string? @default) => Given(key) ?? @default;

    internal int Number(string key, int @default) => Read(key, @default, "a whole number", (string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    internal bool Flag(string key, bool @default) => Read(key, @default, "true or false", (string text, out bool value) => bool.TryParse(text, out value));

    internal TimeSpan Duration(string key, TimeSpan @default) => Read(key, @default, Durations.Example, (string text, out TimeSpan value) => Durations.TryParse(text, out value));

    internal long Size(string key, long @default) => Read(key, @default, "a size in bytes, or such as 64k or 1m", TryParseSize);

    internal T Choice<T>(string key, T @default, IReadOnlyDictionary<string, T> choices)
        => Read(key, @default, $"one of {string.Join(", ", choices.Keys)}", (string text, out T value) => choices.TryGetValue(text, out value!));

    /// <summary>A list: as numbered keys, or as one text with commas or blanks between.</summary>
    internal IReadOnlyList<string> List(string key, IReadOnlyList<string> @default)
    {
        var section = _section.GetSection(key);
        var children = section.GetChildren().ToList();
        children.ForEach(child => _known.Add($"{key}:{child.Key}"));
        return children is not [] ? [.. children.Select(child => child.Value ?? "")]
            : Given(key) is { } line ? line.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
            : @default;
    }

    internal void Report(string key, string problem) => _errors.Add($"{name}:{key} {problem}");

    private delegate bool Parser<T>(string text, out T value);

    private T Read<T>(string key, T @default, string expected, Parser<T> parse)
    {
        if (Given(key) is not { } text)
        {
            return @default;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        Report(key, $"is '{text}': give {expected}.");
        return @default;
    }

    private string? Given(string key)
    {
        _known.Add(key);
        return string.IsNullOrWhiteSpace(_section[key]) ? null : _section[key]!.Trim();
    }

    private IEnumerable<string> FindUnknown() => _section.AsEnumerable(makePathsRelative: true)
        .Where(setting => setting.Value is not null && !_known.Contains(setting.Key))
        .Select(setting => $"{name}:{setting.Key} is not known: {Advise(setting.Key)}");

    private string Advise(string key)
    {
        var siblings = _known.Where(known => Parent(known).Equals(Parent(key), StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToList();
        return siblings is [] ? $"see {page} for the keys there are." : $"use one of {string.Join(", ", siblings)}.";
    }

    private static string Parent(string key) => key.Contains(':', StringComparison.Ordinal) ? key[..key.LastIndexOf(':')] : "";

    private static bool TryParseSize(string text, out long value)
    {
        var unit = char.ToLowerInvariant(text[^1]) switch { 'k' => 1L << 10, 'm' => 1L << 20, 'g' => 1L << 30, _ => 1L };
        var read = long.TryParse(unit == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= long.MaxValue / unit;
        value *= read ? unit : 0;
        return read;
    }
}
