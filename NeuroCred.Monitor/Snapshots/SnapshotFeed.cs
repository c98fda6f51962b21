using System.Runtime.CompilerServices;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Snapshots;

/// <summary>The snapshots, as they are made, for all readers.</summary>
internal sealed class SnapshotFeed
{
    private volatile Replaceable<SystemSnapshot?> _current = new(null);

    /// <summary>The latest one; null before the first.</summary>
    public SystemSnapshot? Latest => _current.Value;

    /// <summary>Gives one to all readers. To be called by one thread at a time.</summary>
    public void Publish(SystemSnapshot snapshot)
    {
        var previous = _current;
        _current = new(snapshot);
        previous.Replace();
    }

    /// <summary>The latest one, and each later one. A reader that is slow misses some, and never makes others wait.</summary>
    public async IAsyncEnumerable<SystemSnapshot> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // Always the latest: a slow reader goes on with that one.
            var current = _current;
            if (current.Value is { } snapshot)
            {
                yield return snapshot;
            }

            await current.Replaced.WaitAsync(cancellationToken);
        }
    }
}
