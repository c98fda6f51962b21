using System.Diagnostics.CodeAnalysis;

namespace NeuroCred.Monitor.Live;

/// <summary>Limits how many clients follow <c>/events</c> at a time: the monitor shares a machine with what it watches.</summary>
internal sealed class Followers
{
    /// <summary>How many may follow at a time. A browser's tab is one.</summary>
    public const int Most = 50;

    private int _count;

    /// <summary>How many follow now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place, if one is free. Dispose it to give it back.</summary>
    public bool TryEnter([NotNullWhen(true)] out IDisposable? place)
    {
        var entered = Interlocked.Increment(ref _count) <= Most;
        if (!entered)
        {
            Interlocked.Decrement(ref _count);
        }

        place = entered ? new Place(this) : null;
        return entered;
    }

    private sealed class Place(Followers clients) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                Interlocked.Decrement(ref clients._count);
            }
        }
    }
}
