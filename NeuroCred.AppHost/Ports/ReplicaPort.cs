namespace NeuroCred.AppHost.Ports;

/// <summary>A port of a replica: held while the replica is down, and let go for its start.</summary>
internal sealed class ReplicaPort : IDisposable
{
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private HeldPort? _held;
    private DateTime _released = DateTime.MinValue;
    private DateTime _ended = DateTime.MinValue;

    /// <summary>Holds the port from the end of the replica on, as soon as nobody else has it. An end that is told again changes
    /// nothing.</summary>
    /// <param name="port">The port.</param>
    /// <param name="ended">When the replica ended (UTC). If it was started since, nothing is done.</param>
    /// <param name="onTaken">Called once if somebody else has the port.</param>
    /// <param name="cancellationToken">Cancelled when the application stops.</param>
    internal async Task HoldAsync(int port, DateTime ended, Action onTaken, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (ended == _ended)
            {
                return;
            }

            _ended = ended;
        }

        var isTold = false;
        while (!TryHold(port, ended))
        {
            if (!isTold)
            {
                isTold = true;
                onTaken();
            }

            await Task.Delay(s_again, cancellationToken);
        }
    }

    /// <summary>Lets the port go: the replica is about to start.</summary>
    internal void Release()
    {
        lock (_lock)
        {
            _released = DateTime.UtcNow;
            _held?.Dispose();
            _held = null;
        }
    }

    public void Dispose() => Release();

    /// <returns>False to try again.</returns>
    private bool TryHold(int port, DateTime ended)
    {
        lock (_lock)
        {
            // What is told of the end may come late: after the start that followed it.
            return ended <= _released || (_held ??= HeldPort.TryTake(port)) is not null;
        }
    }
}
