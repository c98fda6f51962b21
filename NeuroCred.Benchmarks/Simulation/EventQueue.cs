namespace NeuroCred.Benchmarks.Simulation;

/// <summary>The clock: what happens when. Of events of the same moment, the one that was planned first happens first.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (double At, long Order)> _events = new();
    private long _planned;

    /// <summary>Seconds since the start.</summary>
    public double Now { get; private set; }

    public void At(double time, Action happens) => _events.Enqueue(happens, (time, _planned++));

    /// <summary>Lets everything happen, until nothing is planned any more.</summary>
    public void Run()
    {
        while (_events.TryDequeue(out var happens, out var when))
        {
            Now = when.At;
            happens();
        }
    }
}
