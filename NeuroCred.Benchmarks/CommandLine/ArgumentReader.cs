using System.Globalization;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>Reads <c>--name value</c> and <c>--name=value</c>, and names every mistake with its fix.</summary>
internal sealed class ArgumentReader
{
    private readonly List<string> _errors = [];
    private readonly Dictionary<string, string?> _given = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = [];

    public ArgumentReader(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                _errors.Add($"'{args[i]}' is not understood: options begin with --. See --help.");
                continue;
            }

            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var value = equals > 0 ? args[i][(equals + 1)..]
                : i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[++i]
                : null;
            var name = equals > 0 ? args[i][..equals] : args[i - (value is null ? 0 : 1)];
            _given[name] = value;
        }
    }

    /// <summary>Everything that is wrong, to be asked after all options were read.</summary>
    public IReadOnlyList<string> Errors => [.. _errors, .. _given.Keys.Where(name => !_known.Contains(name)).Select(name => $"{name} is no option here. There are: {string.Join(", ", _known)}.")];

    /// <summary>An option that is there or not.</summary>
    public bool ReadFlag(string name)
    {
        _known.Add(name);
        if (_given.GetValueOrDefault(name) is { } value)
        {
            _errors.Add($"{name} takes no value, and '{value}' was given: leave it out.");
        }

        return _given.ContainsKey(name);
    }

    /// <summary>A whole number.</summary>
    public int ReadNumber(string name, int @default, int least, int most)
    {
        _known.Add(name);
        if (!_given.TryGetValue(name, out var text))
        {
            return @default;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}': give a whole number from {least} to {most}."));
        return @default;
    }

    /// <summary>A text.</summary>
    public string ReadText(string name, string @default)
    {
        _known.Add(name);
        if (!_given.TryGetValue(name, out var text))
        {
            return @default;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            _errors.Add($"{name} needs a value.");
            return @default;
        }

        return text;
    }

    /// <summary>Some of a number of names, separated by commas.</summary>
    public IReadOnlyList<string> ReadNames(string name, IReadOnlyCollection<string> choices)
    {
        string[] names = ReadText(name, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var unknown in names.Except(choices))
        {
            _errors.Add($"{name} names '{unknown}', which does not exist. There are: {string.Join(", ", choices)}.");
        }

        return names;
    }
}
