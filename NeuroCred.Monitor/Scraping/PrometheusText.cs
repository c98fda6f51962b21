using System.Globalization;
using System.Text;

namespace NeuroCred.Monitor.Scraping;

/// <summary>
/// Reads the Prometheus text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). Strict: half a page, or the page
/// of something else, must not pass for numbers.
/// </summary>
/// <remarks>
/// As the OpenTelemetry exporter writes it:
/// <code>
/// # TYPE http_server_active_requests gauge
/// # UNIT http_server_active_requests requests
/// # HELP http_server_active_requests Number of active HTTP server requests.
/// http_server_active_requests{otel_scope_name="Microsoft.AspNetCore.Hosting",http_request_method="GET",url_scheme="http"} 1 1795655264721
/// # EOF
/// </code>
/// </remarks>
internal static class PrometheusText
{
    private static readonly Dictionary<string, string> s_none = [];

    /// <summary>Reads a page.</summary>
    /// <param name="text">The whole page.</param>
    /// <param name="isWanted">Which metrics to read, by their samples' names. The others are checked, but cost nothing further. Default:
    /// all.</param>
    /// <exception cref="FormatException">A line is none of the format; it is named by its number.</exception>
    public static IReadOnlyList<MetricSample> Parse(string text, Func<string, bool>? isWanted = null)
    {
        if (text.Length > 0 && text[^1] != '\n')
        {
            throw new FormatException("The last line has no end: the page was cut off.");
        }

        var samples = new List<MetricSample>();
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan(range).Trim(" \t\r");
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            if (!TryParse(line, isWanted ?? (_ => true), out var sample))
            {
                throw new FormatException($"Line {number} is no sample of the Prometheus text format.");
            }

            if (sample is not null)
            {
                samples.Add(sample);
            }
        }

        return samples;
    }

    private static bool TryParse(ReadOnlySpan<char> line, Func<string, bool> isWanted, out MetricSample? sample)
    {
        sample = null;
        var length = NameLength(line);
        if (length == 0)
        {
            return false;
        }

        var name = line[..length].ToString();
        var wanted = isWanted(name);
        var rest = line[length..].TrimStart(" \t");
        var labels = s_none;
        if (rest is ['{', ..])
        {
            labels = wanted ? [] : s_none;
            if (!TryReadLabels(ref rest, wanted ? labels : null))
            {
                return false;
            }
        }
        else if (rest.Length == line.Length - length)
        {
            return false;
        }

        if (!TryReadValue(rest, out var value))
        {
            return false;
        }

        sample = wanted ? new(name, labels, value) : null;
        return true;
    }

    private static bool TryReadLabels(ref ReadOnlySpan<char> rest, Dictionary<string, string>? labels)
    {
        rest = rest[1..].TrimStart(" \t");
        while (rest is not ['}', ..])
        {
            var length = NameLength(rest);
            var name = rest[..length];
            rest = rest[length..].TrimStart(" \t");
            if (length == 0 || rest is not ['=', ..])
            {
                return false;
            }

            rest = rest[1..].TrimStart(" \t");
            if (!TryReadQuoted(ref rest, out var value) || labels?.TryAdd(name.ToString(), value) == false)
            {
                return false;
            }

            rest = rest.TrimStart(" \t");
            if (rest is [',', ..])
            {
                rest = rest[1..].TrimStart(" \t");
            }
            else if (rest is not ['}', ..])
            {
                return false;
            }
        }

        rest = rest[1..];
        return true;
    }

    private static bool TryReadQuoted(ref ReadOnlySpan<char> rest, out string value)
    {
        value = "";
        if (rest is not ['"', ..])
        {
            return false;
        }

        var text = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            switch (rest[i])
            {
                case '"':
                    value = text.ToString();
                    rest = rest[(i + 1)..];
                    return true;
                case '\\' when i + 1 < rest.Length && rest[i + 1] is 'n' or '\\' or '"':
                    i++;
                    text.Append(rest[i] == 'n' ? '\n' : rest[i]);
                    break;
                case '\\':
                    return false;
                default:
                    text.Append(rest[i]);
                    break;
            }
        }

        return false;
    }

    // The value, and perhaps the time in milliseconds, which nobody here needs.
    private static bool TryReadValue(ReadOnlySpan<char> rest, out double value)
    {
        rest = rest.Trim(" \t");
        var end = rest.IndexOfAny(" \t");
        var number = end < 0 ? rest : rest[..end];
        var time = end < 0 ? "0" : rest[end..].TrimStart(" \t");
        return TryParseNumber(number, out value) && long.TryParse(time, NumberStyles.AllowLeadingSign, null, out _);
    }

    /// <summary>Reads a value, or the bound of a histogram's bucket.</summary>
    internal static bool TryParseNumber(ReadOnlySpan<char> text, out double value)
    {
        switch (text)
        {
            case "+Inf" or "Inf":
                value = double.PositiveInfinity;
                return true;
            case "-Inf":
                value = double.NegativeInfinity;
                return true;
            case "NaN" or "Nan":
                value = double.NaN;
                return true;
            default:
                return double.TryParse(
                    text,
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                    null,
                    out value
                );
        }
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (
            length < text.Length
            && (char.IsAsciiLetter(text[length]) || text[length] is '_' or ':' || (length > 0 && char.IsAsciiDigit(text[length])))
        )
        {
            length++;
        }

        return length;
    }
}
