using System.Runtime.CompilerServices;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Tests.Monitor.Live;

/// <summary>Moments that a test makes. As with the real ones, a reader that is slow misses some.</summary>
internal sealed class FakeFeed : ISnapshotFeed
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;

    public SystemSnapshot? Latest { get; private set; }

    public void Publish(SystemSnapshot snapshot)
    {
        lock (_lock)
        {
            Latest = snapshot;
            _version++;
            _next.SetResult();
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async IAsyncEnumerable<SystemSnapshot> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var seen = 0L; ; )
        {
            SystemSnapshot? snapshot;
            Task next;
            lock (_lock)
            {
                snapshot = _version > seen ? Latest : null;
                seen = _version;
                next = _next.Task;
            }

            if (snapshot is not null)
            {
                yield return snapshot;
            }
            else
            {
                await next.WaitAsync(cancellationToken);
            }
        }
    }
}
