using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Balancer.Compose;

/// <summary>Writes values as Compose files want them.</summary>
internal static class ComposeText
{
    /// <summary>Writes a text in quotes. A <c>$</c> stays one, and does not begin a variable.</summary>
    internal static string Quote(string value) => JsonText.Quote(value.Replace("$", "$$", StringComparison.Ordinal));

    /// <summary>Writes a duration, in seconds where they are whole and in milliseconds elsewhere.</summary>
    internal static string Duration(TimeSpan value) =>
        value.Ticks % TimeSpan.TicksPerSecond == 0 ? $"{(long)value.TotalSeconds}s" : $"{(long)value.TotalMilliseconds}ms";

    /// <summary>Writes a number.</summary>
    internal static string Number(long value) => value.ToString();

    /// <summary>Writes thousandths as a decimal number.</summary>
    internal static string Thousandths(long value) => (value / 1000m).ToString("0.###");
}
