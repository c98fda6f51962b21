using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Deployment;

/// <summary>The settings of the policy that a platform has to say something about.</summary>
public static class PolicyKeys
{
    /// <summary>All of them, below <c>Balancing:</c>, in the order in which they are explained. Probes are one setting each.</summary>
    public static IReadOnlyList<string> All { get; } = Find();

    private static IReadOnlyList<string> Find()
    {
        var parts = typeof(BalancingPolicy).GetProperties().Select(property => property.Name).ToList();
        return
        [
            .. PolicySettings
                .Find(new())
                .Select(setting => setting.Key.Split(':').Skip(1).Take(2).ToArray())
                .OrderBy(key => parts.IndexOf(key[0]))
                .Select(key => string.Join(':', key))
                .Distinct(),
        ];
    }
}
