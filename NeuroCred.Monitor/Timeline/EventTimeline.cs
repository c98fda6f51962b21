using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Timeline;

/// <summary>The latest events.</summary>
internal sealed class EventTimeline(TimeProvider time)
{
    /// <summary>How many are kept.</summary>
    public const int Length = 200;

    private readonly Lock _lock = new();
    private readonly LinkedList<TimelineEvent> _events = [];

    /// <summary>Adds one with the time of now.</summary>
    public void Add(TimelineKind kind, string subject, string text)
    {
        lock (_lock)
        {
            _events.AddFirst(new TimelineEvent(time.GetUtcNow(), kind, subject, text));
            if (_events.Count > Length)
            {
                _events.RemoveLast();
            }
        }
    }

    /// <summary>The events, the latest first.</summary>
    public IReadOnlyList<TimelineEvent> Read()
    {
        lock (_lock)
        {
            return [.. _events];
        }
    }
}
