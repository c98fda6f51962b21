using System.Text.RegularExpressions;

namespace NeuroCred.Settings;

/// <summary>
/// Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>1.5s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>; or as .NET does:
/// <c>00:00:10</c>.
/// </summary>
public static partial class Durations
{
    /// <summary>Reads a duration.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Pattern().Match(text.Trim()) is not { Success: true } match)
        {
            return TimeSpan.TryParseExact(text.Trim(), "c", null, out duration) && text.Contains(':', StringComparison.Ordinal);
        }

        var unit = match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => TimeSpan.TicksPerDay,
        };
        var ticks = double.Parse(match.Groups["number"].ValueSpan) * unit;
        duration = ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)Math.Round(ticks)) : TimeSpan.MaxValue;
        return true;
    }

    /// <summary>Writes a duration in the largest unit that needs no fraction.</summary>
    /// <param name="duration">The duration.</param>
    public static string Show(TimeSpan duration)
    {
        var (unit, name) = duration.Ticks switch
        {
            0 => (TimeSpan.TicksPerSecond, "s"),
            var t when t % TimeSpan.TicksPerDay == 0 => (TimeSpan.TicksPerDay, "d"),
            var t when t % TimeSpan.TicksPerHour == 0 => (TimeSpan.TicksPerHour, "h"),
            var t when t % TimeSpan.TicksPerMinute == 0 => (TimeSpan.TicksPerMinute, "m"),
            var t when t % TimeSpan.TicksPerSecond == 0 => (TimeSpan.TicksPerSecond, "s"),
            _ => (TimeSpan.TicksPerMillisecond, "ms"),
        };
        return $"{duration.Ticks / (double)unit}{name}";
    }

    [GeneratedRegex(@"\A(?<number>\d{1,12}(\.\d{1,6})?)\s*(?<unit>ms|s|m|h|d)\z")]
    private static partial Regex Pattern();
}
