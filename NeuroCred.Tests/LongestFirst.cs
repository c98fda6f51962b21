using NeuroCred.Tests;
using NeuroCred.Tests.WholeSystem;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace NeuroCred.Tests;

/// <summary>Begins with the tests that start whole systems: what takes minutes runs beside all else, and not alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string s_systems = typeof(RunningSystem).Namespace!;

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderByDescending(StartsSystems)];

    private static bool StartsSystems<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        (collection.TestCollectionClassName ?? collection.TestCollectionDisplayName).Contains(s_systems, StringComparison.Ordinal);
}
