using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(NeuroCred.Tests.CollectionOrder))]

namespace NeuroCred.Tests;

/// <summary>Collections that share something run first. They take the longest, and what runs beside them is over when they are.</summary>
public sealed class CollectionOrder : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : Xunit.Sdk.ITestCollection =>
        [.. testCollections.OrderBy(c => c is IXunitTestCollection { CollectionDefinition: null })];
}
