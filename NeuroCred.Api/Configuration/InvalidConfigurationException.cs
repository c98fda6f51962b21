namespace NeuroCred.Api.Configuration;

/// <summary>The configuration cannot be started with; lists everything that is wrong with it.</summary>
internal sealed class InvalidConfigurationException(IReadOnlyList<string> errors)
    : Exception($"The configuration has {(errors.Count == 1 ? "an error" : $"{errors.Count} errors")}:{string.Concat(errors.Select(e => $"\n  - {e}"))}")
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
