using System.Globalization;
using System.Text.RegularExpressions;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Gateway;

/// <summary>Parses the answer of nginx's <c>stub_status</c>.</summary>
/// <example><code>
/// Active connections: 291
/// server accepts handled requests
///  16630948 16630948 31070465
/// Reading: 6 Writing: 179 Waiting: 106
/// </code></example>
internal static partial class GatewayConnectionsReader
{
    /// <summary>Parses it.</summary>
    /// <returns>Null if it is something else.</returns>
    public static GatewayConnections? TryRead(string text)
    {
        return Numbers().Match(text) is { Success: true } match ? new(Read(1), Read(2), Read(3), Read(4)) : null;

        long Read(int group) => long.Parse(match.Groups[group].ValueSpan, NumberStyles.None);
    }

    [GeneratedRegex(
        @"\AActive connections: (\d{1,18})\s.*Reading: (\d{1,18}) Writing: (\d{1,18}) Waiting: (\d{1,18})\s*\z",
        RegexOptions.Singleline
    )]
    private static partial Regex Numbers();
}
