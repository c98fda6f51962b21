namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Decides, from the states a resource goes through, whether its end calls for a start. One that a user stops goes
/// through <c>Stopping</c> first, and stays stopped; so does one that never ran. A user's start makes it begin anew.
/// </summary>
internal sealed class SupervisedResource(TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly RestartBackoff _backoff = new(timeProvider);
    private bool _shouldRun;

    /// <summary>Whether the resource is meant to run. A stop by a user takes this back, and with it a start that is still to
    /// come.</summary>
    internal bool ShouldRun
    {
        get
        {
            lock (_lock)
            {
                return _shouldRun;
            }
        }
    }

    /// <summary>Takes note of a state.</summary>
    /// <returns>When to start it again, or null when there is nothing to do.</returns>
    internal Restart? OnState(string? state)
    {
        lock (_lock)
        {
            if (state == KnownResourceStates.Running)
            {
                _shouldRun = true;
                _backoff.OnRunning();
            }
            else if (state == KnownResourceStates.Stopping)
            {
                _shouldRun = false;
                _backoff.Reset();
            }
            else if (_shouldRun && state is not null && KnownResourceStates.TerminalStates.Contains(state))
            {
                return _backoff.OnEnded();
            }

            return null;
        }
    }
}
