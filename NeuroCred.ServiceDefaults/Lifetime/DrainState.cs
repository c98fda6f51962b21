namespace NeuroCred.ServiceDefaults.Lifetime;

/// <summary>
/// Whether this instance is on its way out: for good once the process was told to stop, or until it is taken back when an operator
/// drains it.
/// </summary>
public sealed class DrainState : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _begun = new();
    private volatile bool _drained;
    private volatile bool _stopping;

    /// <summary>True while draining, for either reason: not ready, and keeping no connection.</summary>
    public bool IsDraining => _stopping || _drained;

    /// <summary>
    /// True while an operator drains: new requests are refused. A process that was only told to stop serves them for a moment instead,
    /// because a balancer may have no other instance to send them to.
    /// </summary>
    public bool IsRefusing => _drained;

    /// <summary>
    /// Cancelled when draining begins; what could last for ever ends then. After an operator took the drain back it is another one.
    /// </summary>
    public CancellationToken Begun
    {
        get
        {
            lock (_lock)
            {
                return _begun.Token;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _begun.Dispose();

    internal void Stop()
    {
        lock (_lock)
        {
            _stopping = true;
            Begin();
        }
    }

    internal void Drain()
    {
        lock (_lock)
        {
            _drained = true;
            Begin();
        }
    }

    /// <summary>Ends an operator's drain.</summary>
    /// <returns>False when the process stops, which nothing takes back.</returns>
    internal bool TryResume()
    {
        lock (_lock)
        {
            if (_stopping)
            {
                return false;
            }

            if (_drained)
            {
                _begun = new();
                _drained = false;
            }

            return true;
        }
    }

    // Not Cancel: it would run whatever a thousand connections do about it, here and under the lock.
    private void Begin() => _ = _begun.CancelAsync();
}
