using NeuroCred.Settings;

namespace NeuroCred.Balancer.Policy;

/// <summary>
/// Binds the policy from the section <see cref="BalancingPolicy.Section"/>: each property of <see cref="BalancingPolicy"/> is a key.
/// </summary>
public static class PolicyReader
{
    private const string Prefix = $"{BalancingPolicy.Section}:";

    /// <summary>Reads the policy.</summary>
    /// <param name="settings">
    /// The settings, which get the errors: values that cannot be read or do not work, and keys that do not exist.
    /// </param>
    /// <returns>The policy; with any error in it, the default.</returns>
    public static BalancingPolicy Read(SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var others = settings.Errors.Count;
        var policy = new BalancingPolicy();
        foreach (var setting in PolicySettings.Find(policy))
        {
            setting.Set(Read(settings, setting.Key, setting.Get()));
        }

        settings.ReportUnknown(BalancingPolicy.Section, "docs/balancing.md");
        settings.Report(PolicyValidator.Validate(policy, Prefix));
        return settings.Errors.Count == others ? policy : new();
    }

    private static object? Read(SettingsReader settings, string key, object? byDefault) =>
        byDefault switch
        {
            null or string => settings.Text(key) ?? byDefault,
            int number => settings.Number(key, number),
            long size => settings.Read<long>(key, size, "a size in bytes, or such as 64k or 1m", TryParseSize),
            bool flag => settings.Flag(key, flag),
            TimeSpan duration => settings.Duration(key, duration),
            BalancingAlgorithm algorithm => settings.Read<BalancingAlgorithm>(
                key,
                algorithm,
                $"one of {string.Join(", ", PolicyNames.Algorithms.Keys)}",
                PolicyNames.Algorithms.TryGetValue
            ),
            IReadOnlyList<RetryCondition> conditions => ReadConditions(settings, key) is { Count: > 0 } given ? given : conditions,
            _ => settings.List(key),
        };

    private static IReadOnlyList<RetryCondition> ReadConditions(SettingsReader settings, string key)
    {
        var words = settings.List(key).ToLookup(PolicyNames.RetryConditions.ContainsKey);
        foreach (var word in words[false])
        {
            settings.Report(key, $"has '{word}': use {string.Join(", ", PolicyNames.RetryConditions.Keys)}.");
        }

        return [.. words[true].Select(word => PolicyNames.RetryConditions[word])];
    }

    private static bool TryParseSize(string text, out long value)
    {
        var unit = char.ToLowerInvariant(text[^1]) switch
        {
            'k' => 1L << 10,
            'm' => 1L << 20,
            'g' => 1L << 30,
            _ => 1L,
        };
        var read = long.TryParse(unit == 1 ? text : text[..^1], out value) && value <= long.MaxValue / unit;
        value *= read ? unit : 0;
        return read;
    }
}
