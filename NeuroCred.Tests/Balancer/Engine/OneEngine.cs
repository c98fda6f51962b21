namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>One deployment at a time, and nothing beside it: they count what clients notice, on a machine that may be small.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[NeedsEngine]
public sealed class OneEngine
{
    /// <summary>The collection's name.</summary>
    public const string Name = "one engine";
}
