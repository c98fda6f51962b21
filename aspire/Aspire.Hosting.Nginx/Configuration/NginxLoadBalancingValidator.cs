using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Nginx.Configuration;

/// <summary>Finds everything that nginx would refuse, or silently do otherwise than meant.</summary>
internal static partial class NginxLoadBalancingValidator
{
    // nginx counts milliseconds in 32 bits; nobody means more than this.
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    // Beyond, Linux gives up by itself.
    private static readonly TimeSpan s_longestConnect = TimeSpan.FromSeconds(75);

    /// <summary>One sentence per error, each naming the option and the fix. Empty when all is well.</summary>
    internal static IReadOnlyList<string> Validate(NginxLoadBalancingOptions options) =>
    [
        .. Name(options.UpstreamName),
        .. Text(nameof(options.ServerName), options.ServerName),
        .. Number(nameof(options.MaxFails), options.MaxFails, least: 0),
        .. Seconds(nameof(options.FailTimeout), options.FailTimeout),
        .. Number(nameof(options.KeepaliveConnections), options.KeepaliveConnections, least: 1),
        .. Number(nameof(options.NextUpstreamTries), options.NextUpstreamTries, least: 0),
        .. Time(nameof(options.ConnectTimeout), options.ConnectTimeout, s_longestConnect),
        .. Time(nameof(options.SendTimeout), options.SendTimeout, s_longest),
        .. Time(nameof(options.ReadTimeout), options.ReadTimeout, s_longest),
        .. Retry(options),
    ];

    private static IEnumerable<string> Name(string? value)
    {
        if (value is null || !UpstreamName().IsMatch(value))
        {
            yield return $"UpstreamName is {NginxText.Show(value)}: give letters, digits, '_', '-' and '.'.";
        }
    }

    private static IEnumerable<string> Text(string option, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            yield return $"{option} is {NginxText.Show(value)}: give a host name, or '_' for none in particular.";
        }
        else if (NginxText.FindControlCharacter(value) is { } control)
        {
            yield return $"{option} is {NginxText.Show(value)}: remove the {control}, which could end the line and begin another directive.";
        }
    }

    private static IEnumerable<string> Number(string option, int value, int least)
    {
        if (value < least)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{option} is {value}: give {least} or more.");
        }
    }

    private static IEnumerable<string> Seconds(string option, TimeSpan value)
    {
        if (value < TimeSpan.FromSeconds(1) || value > s_longest || value.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            yield return $"{option} is {Show(value)}: give whole seconds, from 1 s to 1 h. nginx counts no smaller unit here.";
        }
    }

    private static IEnumerable<string> Time(string option, TimeSpan value, TimeSpan longest)
    {
        if (value < TimeSpan.FromMilliseconds(1) || value > longest)
        {
            yield return $"{option} is {Show(value)}: give 1 ms to {Show(longest)}.";
        }
    }

    // A timeout is retried only while NextUpstreamTimeout has not passed, and by then ReadTimeout has.
    private static IEnumerable<string> Retry(NginxLoadBalancingOptions options)
    {
        var value = options.NextUpstreamTimeout;
        if (value < TimeSpan.Zero || value > s_longest)
        {
            yield return $"NextUpstreamTimeout is {Show(value)}: give 0 for any time, or up to 1 h.";
        }
        else if (value != TimeSpan.Zero && value <= options.ReadTimeout)
        {
            yield return $"NextUpstreamTimeout is {Show(value)}, and ReadTimeout {Show(options.ReadTimeout)}: give the former more, or no request that a server left unanswered would be sent to another.";
        }
    }

    private static string Show(TimeSpan value) => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds} s");

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]+\z")]
    private static partial Regex UpstreamName();
}
