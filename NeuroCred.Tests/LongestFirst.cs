using NeuroCred.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace NeuroCred.Tests;

/// <summary>
/// Starts the tests of the whole system first, which take longest: those that remain when most have ended would have the machine to
/// themselves.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(OrderOf)];

    private static int OrderOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        collection.TestCollectionClassName is not null ? 0
        : collection.TestCollectionDisplayName.Contains(".WholeSystem.", StringComparison.Ordinal) ? 1
        : 2;
}
