namespace NeuroCred.Tests.Replica;

/// <summary>What is wrong with a replica.</summary>
internal enum FaultKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Each request takes some milliseconds.</summary>
    Slow,

    /// <summary>Each so many-th request is broken off before an answer.</summary>
    Fail,

    /// <summary>It says of a dependency that it is missing, and 503 to every request.</summary>
    NotReady,

    /// <summary>It takes connections, and answers nothing.</summary>
    Hang,

    /// <summary>It works on one request at a time, for some milliseconds each.</summary>
    Queue,

    /// <summary>Some work items more than there are threads are always there, and each blocks its thread.</summary>
    Starve,

    /// <summary>It collects its garbage half of the time.</summary>
    Collect,
}
