using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Monitor.Probes;

/// <summary>Adds the changes of one replica's state to the timeline.</summary>
internal sealed class ReplicaEvents(string replica, EventTimeline timeline)
{
    private bool _hadProcess;

    /// <summary>Adds what a change of the state means.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="now">The state now.</param>
    /// <param name="reason">The reason that the probe gave.</param>
    /// <param name="isOther">Whether another process answers than before.</param>
    public void OnState(ReplicaState before, ReplicaState now, string? reason, bool isOther)
    {
        if (isOther || (now.IsAlive && before == ReplicaState.Down && _hadProcess))
        {
            timeline.Add(TimelineKind.Restarted, replica, $"{replica} was started again: another process answers.");
        }

        if (before != now)
        {
            AddEvent(before, now, reason);
        }

        _hadProcess |= now.IsAlive;
    }

    private void AddEvent(ReplicaState before, ReplicaState now, string? reason)
    {
        switch (now)
        {
            case ReplicaState.Down when !_hadProcess:
                // Not started yet, or ended before the monitor was started.
                break;
            case ReplicaState.Down when before == ReplicaState.Draining:
                timeline.Add(TimelineKind.Stopped, replica, $"{replica} drained and ended.");
                break;
            case ReplicaState.Down when before == ReplicaState.Hung:
                timeline.Add(TimelineKind.Gone, replica, $"{replica} ended while it hung: {reason}.");
                break;
            case ReplicaState.Down:
                timeline.Add(TimelineKind.Gone, replica, $"{replica} ended without having drained: {reason}.");
                break;
            case ReplicaState.Hung:
                timeline.Add(TimelineKind.Hung, replica, $"{replica} hangs: {reason}.");
                break;
            case ReplicaState.Draining:
                timeline.Add(TimelineKind.Drained, replica, $"{replica} drains: it takes no new requests.");
                break;
            case ReplicaState.NotReady:
                timeline.Add(TimelineKind.NotReady, replica, $"{replica} cannot serve: {reason}.");
                break;
            case ReplicaState.Degraded:
                timeline.Add(TimelineKind.Degraded, replica, $"{replica} is degraded: {reason}.");
                break;
            case ReplicaState.Serving when before != ReplicaState.Unknown:
                timeline.Add(TimelineKind.Back, replica, $"{replica} serves again.");
                break;
        }
    }
}
