namespace NeuroCred.Benchmarks.Monitoring;

/// <summary>How the gateway's access log leaves it.</summary>
internal enum LogWay
{
    /// <summary>To standard output alone: there is no monitor.</summary>
    StandardOutput,

    /// <summary>To a file as well, which nobody reads.</summary>
    File,

    /// <summary>To a file as well, which the monitor follows: what the AppHost does.</summary>
    FileAndMonitor,

    /// <summary>In datagrams as well (syslog), which a program receives and throws away: what the AppHost does not do, because of this.</summary>
    Datagrams,
}
