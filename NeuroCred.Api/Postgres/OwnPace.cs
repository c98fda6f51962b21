namespace NeuroCred.Api.Postgres;

/// <summary>
/// Whether this process itself was late lately: paused, without a processor or without a free thread. Then what ran out of time here says nothing
/// about the database.
/// </summary>
internal sealed class OwnPace : IDisposable
{
    /// <summary>How late it must have been.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMilliseconds(500);

    /// <summary>For how long that counts: longer than a request may take, so that it may have been at its beginning.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly ITimer _ticking;
    private long _tick;
    private long _lateAt;

    /// <param name="time">The clock, and the timer that is late when this process is.</param>
    public OwnPace(TimeProvider time)
    {
        _time = time;
        _tick = time.GetTimestamp();
        // A process that has just started is taken for late: it compiles its code while it serves.
        _lateAt = _tick;
        _ticking = time.CreateTimer(_ => Tick(), null, s_interval, s_interval);
    }

    /// <summary>True while it is late, and for <see cref="Memory"/> afterwards.</summary>
    public bool WasLate => IsLate() || _time.GetElapsedTime(Volatile.Read(ref _lateAt)) < Memory;

    public void Dispose() => _ticking.Dispose();

    private void Tick()
    {
        if (IsLate())
        {
            Volatile.Write(ref _lateAt, _time.GetTimestamp());
        }

        Volatile.Write(ref _tick, _time.GetTimestamp());
    }

    private bool IsLate() => _time.GetElapsedTime(Volatile.Read(ref _tick)) > s_interval + Late;
}
