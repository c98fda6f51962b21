using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using NeuroCred.Settings;

namespace NeuroCred.Balancer.Policy;

/// <summary>Finds everything in a policy that a balancer would refuse, or silently do otherwise than meant.</summary>
public static partial class PolicyValidator
{
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    // Beyond, Linux gives up by itself, and nginx refuses.
    private static readonly TimeSpan s_longestConnect = TimeSpan.FromSeconds(75);

    /// <summary>Checks a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="prefix">What to put before each key in the messages, such as <c>Balancing:</c>.</param>
    /// <returns>One sentence per error, each naming the key and the fix. Empty when all is well.</returns>
    public static IReadOnlyList<string> Validate(BalancingPolicy policy, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(policy);
        var check = new Checks(prefix);
        check.Matches("Upstream:Name", policy.Upstream.Name, Word(), "letters, digits, '_', '-' and '.'");
        check.Number("Upstream:Port", policy.Upstream.Port, 1, ushort.MaxValue);
        if (policy.Upstream.Port == DefaultPorts.Management)
        {
            check.Fail("Upstream:Port", $"is {DefaultPorts.Management}, which is the replicas' management port: give another one.");
        }

        check.Line("ServerName", policy.ServerName, "a host name, or '_' for none in particular");
        check.Matches("Affinity:Cookie", policy.Affinity.Cookie, CookieName(), "letters, digits and '_'");
        check.Duration("Affinity:Duration", policy.Affinity.Duration, s_second, TimeSpan.FromDays(7), wholeSeconds: true);
        CheckProbe(check, "Health:Liveness", policy.Health.Liveness);
        CheckProbe(check, "Health:Readiness", policy.Health.Readiness);
        check.Number("Failures:MaxFails", policy.Failures.MaxFails, 0, int.MaxValue);
        check.Duration("Failures:FailTimeout", policy.Failures.FailTimeout, s_second, s_hour, wholeSeconds: true);
        check.Duration("Timeouts:Connect", policy.Timeouts.Connect, s_millisecond, s_longestConnect);
        check.Duration("Timeouts:Send", policy.Timeouts.Send, s_millisecond, s_hour);
        check.Duration("Timeouts:Read", policy.Timeouts.Read, s_millisecond, s_hour);
        check.Duration("Timeouts:Stream", policy.Timeouts.Stream, s_second, TimeSpan.FromDays(1));
        check.Duration("Timeouts:Client", policy.Timeouts.Client, s_second, s_hour);
        CheckRetries(check, policy);
        check.Duration("Holding:Time", policy.Holding.Time, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        check.Number("Holding:Limit", policy.Holding.Limit, 1, 10_000);
        check.Number("Keepalive:Connections", policy.Keepalive.Connections, 1, 10_000);
        check.Duration("Keepalive:IdleTimeout", policy.Keepalive.IdleTimeout, s_second, s_hour);
        CheckTls(check, policy.Tls);
        foreach (var network in policy.TrustedNetworks.Where(network => !IsAddressOrNetwork(network)))
        {
            check.Fail(
                "TrustedNetworks",
                $"has {ShownValue.Show(network)}: give addresses or networks, such as 10.0.0.7, 10.0.0.0/24 or fd00::/8, those of IPv4 "
                    + "with four numbers and no leading zeros, those of IPv6 without brackets and zone."
            );
        }

        check.Number("Limits:MaxBodySize", policy.Limits.MaxBodySize, 1, 1L << 30);
        check.Number("Limits:ConnectionsPerClient", policy.Limits.ConnectionsPerClient, 0, 10_000);
        check.Number("Limits:RequestsPerSecond", policy.Limits.RequestsPerSecond, 0, 100_000);
        check.Number("Limits:Burst", policy.Limits.Burst, 0, 100_000);
        check.Add(policy.Draining.FindErrors(prefix));
        check.Number("Scaling:MinReplicas", policy.Scaling.MinReplicas, 1, 1000);
        check.Number("Scaling:MaxReplicas", policy.Scaling.MaxReplicas, Math.Clamp(policy.Scaling.MinReplicas, 1, 1000), 1000);
        check.Number("Scaling:CpuPercent", policy.Scaling.CpuPercent, 1, 90);
        check.Number("Scaling:MemoryPercent", policy.Scaling.MemoryPercent, 1, 90);
        check.Number("Scaling:QueueLength", policy.Scaling.QueueLength, 1, 10_000);
        return check.Errors;
    }

    /// <summary>Refuses a policy that no balancer could follow.</summary>
    /// <exception cref="OptionsValidationException">The policy is invalid: every error is named.</exception>
    internal static void ThrowIfInvalid(BalancingPolicy policy)
    {
        if (Validate(policy) is { Count: > 0 } errors)
        {
            throw Invalid(errors);
        }
    }

    /// <summary>The policy, or what is rendered from it, cannot be used.</summary>
    /// <param name="errors">A sentence each, naming the setting and the fix.</param>
    internal static OptionsValidationException Invalid(params IEnumerable<string> errors) =>
        new(BalancingPolicy.Section, typeof(BalancingPolicy), errors);

    // .NET reads more than nginx does: 10.1 for 10.0.0.1, 010.0.0.1 for 8.0.0.1, [fd00::1] and fe80::1%eth0.
    private static bool IsAddressOrNetwork(string text)
    {
        var address = text.Split('/')[0];
        return (IPNetwork.TryParse(text, out _) || address == text)
            && IPAddress.TryParse(address, out var parsed)
            && (parsed.AddressFamily == AddressFamily.InterNetwork ? parsed.ToString() == address : address.IndexOfAny(['[', '%']) < 0);
    }

    private static void CheckProbe(Checks check, string key, ProbePolicy probe)
    {
        check.Matches($"{key}:Path", probe.Path, UrlPath(), "a path that begins with '/', of letters, digits and '/_.~-'");
        check.Duration($"{key}:Interval", probe.Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(300));
        check.Duration($"{key}:Timeout", probe.Timeout, s_millisecond, TimeSpan.FromSeconds(120));
        if (probe.Timeout > probe.Interval)
        {
            check.Fail(
                $"{key}:Timeout",
                $"is {Durations.Show(probe.Timeout)}, and Interval {Durations.Show(probe.Interval)}: give it no more, or probes "
                    + "would overlap."
            );
        }

        check.Number($"{key}:HealthyThreshold", probe.HealthyThreshold, 1, 10);
        check.Number($"{key}:UnhealthyThreshold", probe.UnhealthyThreshold, 1, 10);
    }

    // A timeout is retried only while TotalTime has not passed, and by then Read has.
    private static void CheckRetries(Checks check, BalancingPolicy policy)
    {
        check.Number("Retries:Tries", policy.Retries.Tries, 0, 100);
        check.Duration("Retries:TotalTime", policy.Retries.TotalTime, TimeSpan.Zero, s_hour);
        var (total, read) = (policy.Retries.TotalTime, policy.Timeouts.Read);
        if (total != TimeSpan.Zero && total <= read && policy.Retries.Conditions.Contains(RetryCondition.Timeout))
        {
            check.Fail(
                "Retries:TotalTime",
                $"is {Durations.Show(total)}, and Timeouts:Read {Durations.Show(read)}: give the former more, or no request that a "
                    + "replica left unanswered would be sent to another."
            );
        }
    }

    private static void CheckTls(Checks check, TlsPolicy tls)
    {
        check.OptionalLine("Tls:Certificate", tls.Certificate, "the path of a file");
        check.OptionalLine("Tls:CertificateKey", tls.CertificateKey, "the path of a file");
        if (tls.Certificate is null != tls.CertificateKey is null)
        {
            check.Fail(
                tls.Certificate is null ? "Tls:Certificate" : "Tls:CertificateKey",
                "is missing: give certificate and key together, or neither to have a development certificate made."
            );
        }

        check.Duration("Tls:HstsMaxAge", tls.HstsMaxAge, TimeSpan.Zero, TimeSpan.FromDays(730), wholeSeconds: true);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]+\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"\A[A-Za-z0-9_]+\z")]
    private static partial Regex CookieName();

    [GeneratedRegex(@"\A/[A-Za-z0-9/_.~-]*\z")]
    private static partial Regex UrlPath();

    private sealed class Checks(string prefix)
    {
        private readonly List<string> _errors = [];

        internal IReadOnlyList<string> Errors => _errors;

        internal void Add(IEnumerable<string> errors) => _errors.AddRange(errors);

        internal void Fail(string key, string problem) => _errors.Add($"{prefix}{key} {problem}");

        internal void Matches(string key, string? value, Regex pattern, string expected)
        {
            if (value is null || !pattern.IsMatch(value))
            {
                Fail(key, $"is {ShownValue.Show(value)}: give {expected}.");
            }
        }

        internal void Line(string key, string? value, string expected)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                Fail(key, $"is {ShownValue.Show(value)}: give {expected}.");
            }
            else if (ShownValue.FindProblem(value) is { } problem)
            {
                Fail(key, problem);
            }
        }

        internal void OptionalLine(string key, string? value, string expected)
        {
            if (value is not null)
            {
                Line(key, value, expected);
            }
        }

        internal void Number(string key, long value, long least, long most)
        {
            if (value < least || value > most)
            {
                Fail(key, $"is {value}: give {least} to {most}.");
            }
        }

        internal void Duration(string key, TimeSpan value, TimeSpan least, TimeSpan most, bool wholeSeconds = false)
        {
            if (value < least || value > most || (wholeSeconds && value.Ticks % TimeSpan.TicksPerSecond != 0))
            {
                Fail(
                    key,
                    $"is {Durations.Show(value)}: give {(wholeSeconds ? "whole seconds, " : "")}{Durations.Show(least)} to "
                        + $"{Durations.Show(most)}."
                );
            }
        }
    }
}
