using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>Counts the access log's lines since the monitor's start.</summary>
internal sealed class LogCounters
{
    private long _read;
    private long _unparsed;
    private long _lost;
    private volatile string? _problem;

    /// <summary>Why nothing can be read, when that has lasted; null while the log is read.</summary>
    public string? Problem
    {
        get => _problem;
        set => _problem = value;
    }

    /// <summary>A line was read and understood.</summary>
    public void OnRead() => Interlocked.Increment(ref _read);

    /// <summary>A line was read and not understood.</summary>
    public void OnUnparsed() => Interlocked.Increment(ref _unparsed);

    /// <summary>Lines are known to have been written, and were not read.</summary>
    public void OnLost(long lines) => Interlocked.Add(ref _lost, lines);

    /// <summary>The counts.</summary>
    public LogLines Read() => new(Interlocked.Read(ref _read), Interlocked.Read(ref _unparsed), Interlocked.Read(ref _lost));
}
