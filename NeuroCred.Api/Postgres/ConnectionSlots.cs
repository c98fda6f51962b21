namespace NeuroCred.Api.Postgres;

/// <summary>
/// How many requests use a connection at once: few at first, and one more each <see cref="GrowthInterval"/> for as long as some wait. Opening
/// a connection costs Postgres as much as dozens of requests (measured: 40 ms of a processor). If each of the first requests after a start, or
/// after an outage, opened its own, they would all be late for it, and be sent again to replicas that do the same.
/// </summary>
internal sealed class ConnectionSlots : IDisposable
{
    /// <summary>From one added slot to the next.</summary>
    public static readonly TimeSpan GrowthInterval = TimeSpan.FromMilliseconds(100);

    private const int Least = 2;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _free;
    private readonly int _most;
    private readonly TimeSpan _patience;
    private readonly ITimer _growth;
    private int _slots;
    private int _waiting;

    /// <param name="most">How many there are at most.</param>
    /// <param name="patience">How long a request waits for one.</param>
    /// <param name="time">Tells when to add one.</param>
    public ConnectionSlots(int most, TimeSpan patience, TimeProvider time)
    {
        (_most, _patience, _slots) = (most, patience, Math.Min(Least, most));
        _free = new(_slots);
        _growth = time.CreateTimer(_ => Grow(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes a slot, to be given back with <see cref="Release"/>. Who came first gets the next.</summary>
    /// <exception cref="TimeoutException">All were taken for as long as a request waits.</exception>
    public async Task AcquireAsync()
    {
        if (await _free.WaitAsync(TimeSpan.Zero))
        {
            return;
        }

        CountWaiting(1);
        try
        {
            if (!await _free.WaitAsync(_patience))
            {
                throw new TimeoutException("every connection of the pool is taken");
            }
        }
        finally
        {
            CountWaiting(-1);
        }
    }

    public void Release() => _free.Release();

    public void Dispose()
    {
        _growth.Dispose();
        _free.Dispose();
    }

    private void CountWaiting(int change)
    {
        lock (_lock)
        {
            var before = _waiting;
            _waiting += change;
            if ((before == 0) != (_waiting == 0))
            {
                var interval = _waiting == 0 ? Timeout.InfiniteTimeSpan : GrowthInterval;
                _growth.Change(interval, interval);
            }
        }
    }

    private void Grow()
    {
        lock (_lock)
        {
            if (_waiting > 0 && _slots < _most)
            {
                _slots++;
                _free.Release();
            }
        }
    }
}
