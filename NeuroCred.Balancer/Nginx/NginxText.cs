using System.Buffers;
using Microsoft.Extensions.Options;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Nginx;

/// <summary>Writes values as nginx's configuration language wants them.</summary>
internal static class NginxText
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/*[]"
    );

    /// <summary>Writes a text as one word.</summary>
    /// <param name="value">The text.</param>
    /// <param name="name">What it is, for the error.</param>
    /// <exception cref="OptionsValidationException">It holds a control character: a line end could begin another directive.</exception>
    internal static string Word(string value, string name)
    {
        if (ShownValue.FindProblem(value) is { } problem)
        {
            throw PolicyValidator.Invalid($"{name} {problem}");
        }

        return value.Length > 0 && !value.AsSpan().ContainsAnyExcept(s_plain)
            ? value
            : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>Writes a time, in seconds where they are whole and in milliseconds elsewhere.</summary>
    internal static string Time(TimeSpan value) =>
        value.Ticks % TimeSpan.TicksPerSecond == 0 ? $"{(long)value.TotalSeconds}s" : $"{(long)value.TotalMilliseconds}ms";
}
