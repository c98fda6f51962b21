namespace NeuroCred.Balancer.Deployment;

/// <summary>What a platform makes of a setting of the policy.</summary>
/// <param name="Key">The setting, below <c>Balancing:</c>, such as <c>Retries:Tries</c>.</param>
/// <param name="Support">Whether the platform has it.</param>
/// <param name="Expression">Where and how it is written there, or what happens instead.</param>
public sealed record SettingExplanation(string Key, SettingSupport Support, string Expression);

/// <summary>Whether a platform has a setting.</summary>
public enum SettingSupport
{
    /// <summary>As the policy says.</summary>
    Full,

    /// <summary>Nearly: rounded, bounded, or in other units. The expression says how.</summary>
    Approximate,

    /// <summary>Not at all. The expression says what happens instead.</summary>
    Missing,

    /// <summary>It means nothing there, or not with the rest of this policy. The expression says why.</summary>
    NotApplicable,
}
