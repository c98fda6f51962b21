namespace NeuroCred.Tests;

/// <summary>Tests that look at what a fault costs in time, or that take all that a machine has. Nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredTests
{
    /// <summary>The collection's name.</summary>
    public const string Name = "What a fault costs";
}
