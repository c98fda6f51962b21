namespace NeuroCred.Balancer.Policy;

/// <summary>A policy, or what is rendered from it, cannot be used.</summary>
/// <param name="errors">A sentence each, naming the setting and the fix.</param>
public sealed class InvalidPolicyException(IReadOnlyList<string> errors)
    : Exception($"The balancing policy has {(errors.Count == 1 ? "an error" : $"{errors.Count} errors")}:{string.Concat(errors.Select(error => $"{Environment.NewLine}  - {error}"))}")
{
    /// <summary>A sentence each, naming the setting and the fix.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
