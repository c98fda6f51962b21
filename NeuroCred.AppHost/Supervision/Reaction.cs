namespace NeuroCred.AppHost.Supervision;

/// <summary>What the end of a resource calls for.</summary>
internal abstract record Reaction
{
    /// <summary>It is to be started again.</summary>
    /// <param name="Delay">After what time.</param>
    internal sealed record Start(TimeSpan Delay) : Reaction;

    /// <summary>It was started again too often, and is left to a user.</summary>
    internal sealed record GiveUp : Reaction;
}
