using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>Counts the access log's lines since the monitor's start.</summary>
internal sealed class LogCounters
{
    private long _read;
    private long _unparsed;
    private long _lost;

    /// <summary>A line was read and understood.</summary>
    public void OnRead() => Interlocked.Increment(ref _read);

    /// <summary>A line was read and not understood.</summary>
    public void OnUnparsed() => Interlocked.Increment(ref _unparsed);

    /// <summary>Lines are known to have been written, and were not read.</summary>
    public void OnLost(long lines) => Interlocked.Add(ref _lost, lines);

    /// <summary>The counts.</summary>
    public LogLines Read() => new(Interlocked.Read(ref _read), Interlocked.Read(ref _unparsed), Interlocked.Read(ref _lost));
}
