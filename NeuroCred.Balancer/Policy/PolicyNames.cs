namespace NeuroCred.Balancer.Policy;

/// <summary>The words that configurations use, ours and nginx's.</summary>
internal static class PolicyNames
{
    internal static readonly IReadOnlyDictionary<string, BalancingAlgorithm> Algorithms = new Dictionary<string, BalancingAlgorithm>(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["least_conn"] = BalancingAlgorithm.LeastConnections,
        ["ip_hash"] = BalancingAlgorithm.IpHash,
        ["cookie_hash"] = BalancingAlgorithm.CookieHash,
    };

    internal static readonly IReadOnlyDictionary<string, RetryCondition> RetryConditions = new Dictionary<string, RetryCondition>(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["error"] = RetryCondition.Error,
        ["timeout"] = RetryCondition.Timeout,
        ["invalid_header"] = RetryCondition.InvalidHeader,
        ["http_500"] = RetryCondition.Http500,
        ["http_502"] = RetryCondition.Http502,
        ["http_503"] = RetryCondition.Http503,
        ["http_504"] = RetryCondition.Http504,
        ["http_429"] = RetryCondition.Http429,
        ["non_idempotent"] = RetryCondition.NonIdempotent,
    };

    internal static string Of(RetryCondition condition) => RetryConditions.First(name => name.Value == condition).Key;
}
