using Xunit.v3;

namespace NeuroCred.Tests;

/// <summary>
/// On each collection of tests that needs a container engine. They are skipped where none answers, and are one group:
/// <c>NeuroCred.Tests -trait Needs=engine</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsEngineAttribute : Attribute, ITraitAttribute
{
    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Needs", "engine")];
}
