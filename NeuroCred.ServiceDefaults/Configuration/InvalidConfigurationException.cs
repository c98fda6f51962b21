namespace NeuroCred.ServiceDefaults.Configuration;

/// <summary>The configuration cannot be started with; lists everything that is wrong with it.</summary>
/// <param name="errors">A sentence each, naming the key and the fix.</param>
public sealed class InvalidConfigurationException(IReadOnlyList<string> errors)
    : Exception($"The configuration has {(errors?.Count == 1 ? "an error" : $"{errors?.Count} errors")}:{string.Concat((errors ?? []).Select(e => $"\n  - {e}"))}")
{
    /// <summary>A sentence each, naming the key and the fix.</summary>
    public IReadOnlyList<string> Errors { get; } = errors ?? [];
}
