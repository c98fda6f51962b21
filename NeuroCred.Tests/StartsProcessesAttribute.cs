using Xunit.v3;

namespace NeuroCred.Tests;

/// <summary>
/// On each class of tests that starts a process: a program, nginx, a browser, the whole system. The others are the fast tests:
/// <c>dotnet test --project NeuroCred.Tests --filter-not-trait Starts=processes</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StartsProcessesAttribute : Attribute, ITraitAttribute
{
    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Starts", "processes")];
}
