namespace NeuroCred.ServiceDefaults.Lifetime;

/// <summary>Whether this instance is on its way out. Once draining, it never goes back.</summary>
public sealed class DrainState
{
    private volatile bool _draining;

    /// <summary>True from the moment the process was told to stop.</summary>
    public bool IsDraining => _draining;

    internal void Begin() => _draining = true;
}
