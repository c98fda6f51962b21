using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using NeuroCred.Settings;

namespace NeuroCred.Balancer.Policy;

/// <summary>The policy as settings: each property of <see cref="BalancingPolicy"/> and of its parts is a key.</summary>
internal static class PolicySettings
{
    /// <summary>The settings by which another program gets the same policy: those that are not the default.</summary>
    /// <returns>Key and value, in the order of the policy.</returns>
    internal static IEnumerable<(string Key, string Value)> Of(BalancingPolicy policy) =>
        Find(policy)
            .Zip(Find(new()), (given, usual) => (given.Key, Value: Show(given.Get()), Usual: Show(usual.Get())))
            .Where(setting => setting.Value != setting.Usual)
            .Select(setting => (setting.Key, setting.Value));

    /// <summary>All settings of a policy.</summary>
    internal static IEnumerable<PolicySetting> Find(BalancingPolicy policy) =>
        [
            .. FindIn(policy, ""),
            .. FindIn(policy.Upstream, "Upstream:"),
            .. FindIn(policy.Affinity, "Affinity:"),
            .. FindIn(policy.Health.Liveness, "Health:Liveness:"),
            .. FindIn(policy.Health.Readiness, "Health:Readiness:"),
            .. FindIn(policy.Failures, "Failures:"),
            .. FindIn(policy.Timeouts, "Timeouts:"),
            .. FindIn(policy.Retries, "Retries:"),
            .. FindIn(policy.Holding, "Holding:"),
            .. FindIn(policy.Keepalive, "Keepalive:"),
            .. FindIn(policy.Tls, "Tls:"),
            .. FindIn(policy.Limits, "Limits:"),
            .. FindIn(policy.Draining, "Draining:"),
            .. FindIn(policy.Scaling, "Scaling:"),
        ];

    // A part is a property too, and has settings of its own. The type is named where it is used, so that its properties are there in native
    // code.
    private static IEnumerable<PolicySetting> FindIn<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(
        T part,
        string prefix
    )
        where T : notnull =>
        typeof(T)
            .GetProperties()
            .Select(property => new PolicySetting($"{BalancingPolicy.Section}:{prefix}{property.Name}", part, property))
            .Where(setting =>
                setting.Get()
                    is null
                        or string
                        or int
                        or long
                        or bool
                        or TimeSpan
                        or BalancingAlgorithm
                        or IReadOnlyList<string>
                        or IReadOnlyList<RetryCondition>
            );

    private static string Show(object? value) =>
        value switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            TimeSpan duration => Durations.Show(duration),
            BalancingAlgorithm algorithm => PolicyNames.Algorithms.First(name => name.Value == algorithm).Key,
            IReadOnlyList<string> texts => string.Join(',', texts),
            IReadOnlyList<RetryCondition> conditions => string.Join(',', conditions.Select(PolicyNames.Of)),
            _ => value.ToString()!,
        };
}

/// <summary>A setting of a policy.</summary>
/// <param name="Key">Its key: <c>Balancing:Upstream:Port</c>.</param>
/// <param name="Part">What has it.</param>
/// <param name="Property">Where.</param>
internal sealed record PolicySetting(string Key, object Part, PropertyInfo Property)
{
    /// <summary>Its value.</summary>
    internal object? Get() => Property.GetValue(Part);

    /// <summary>Changes it, in a policy that nobody else has yet.</summary>
    internal void Set(object? value) => Property.SetValue(Part, value);
}
