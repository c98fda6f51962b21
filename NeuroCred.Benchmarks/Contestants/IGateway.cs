namespace NeuroCred.Benchmarks.Contestants;

/// <summary>A gateway in front of the replicas.</summary>
internal interface IGateway : IAsyncDisposable
{
    /// <summary>Where clients reach it.</summary>
    Uri Address { get; }

    /// <summary>Its process, from which all others of it descend.</summary>
    int ProcessId { get; }
}
