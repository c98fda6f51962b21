using System.Buffers;
using System.Globalization;

namespace Aspire.Hosting.Nginx.Configuration;

/// <summary>Writes values as nginx's configuration language wants them.</summary>
internal static class NginxText
{
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/*[]");

    /// <summary>Writes a text as one word.</summary>
    /// <param name="value">The text.</param>
    /// <param name="name">What it is, for the error.</param>
    /// <exception cref="DistributedApplicationException">It holds a control character: a line end could begin another directive.</exception>
    internal static string Word(string value, string name)
    {
        if (FindControlCharacter(value) is { } control)
        {
            throw new DistributedApplicationException($"{name} is {Show(value)}: remove the {control}, which could end the line and begin another directive.");
        }

        return value.Length > 0 && !value.AsSpan().ContainsAnyExcept(s_plain)
            ? value
            : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>Writes a time, in seconds where they are whole and in milliseconds elsewhere.</summary>
    internal static string Time(TimeSpan value) => value.Ticks % TimeSpan.TicksPerSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)value.TotalSeconds}s")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)value.TotalMilliseconds}ms");

    /// <summary>Writes a number.</summary>
    internal static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The name of the first control character, or null.</summary>
    internal static string? FindControlCharacter(string value) => value.Where(char.IsControl).Select(Name).FirstOrDefault();

    /// <summary>Shows a value in a message, on one line.</summary>
    internal static string Show(string? value)
        => value is null ? "missing" : $"'{string.Concat(value.Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString()))}'";

    private static string Name(char control) => control switch
    {
        '\r' => "carriage return (CR)",
        '\n' => "line feed (LF)",
        _ => string.Create(CultureInfo.InvariantCulture, $"control character 0x{(int)control:x2}"),
    };
}
