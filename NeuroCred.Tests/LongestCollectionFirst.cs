using NeuroCred.Tests.WholeSystem;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(NeuroCred.Tests.LongestCollectionFirst))]

namespace NeuroCred.Tests;

/// <summary>Begins with the tests that share one running system: they take longest, one after the other, and all others run beside
/// them.</summary>
public sealed class LongestCollectionFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [
            .. testCollections
                .OrderByDescending(collection => collection.TestCollectionDisplayName == SharedSystem.Name)
                .ThenByDescending(collection =>
                    collection.TestCollectionDisplayName.Contains(nameof(NothingIsLeftBehindTests), StringComparison.Ordinal)
                )
                .ThenBy(collection => collection.UniqueID, StringComparer.Ordinal),
        ];
}
