namespace NeuroCred.Benchmarks.Contestants;

/// <summary>A gateway in front of the replicas.</summary>
internal interface IGateway : IAsyncDisposable
{
    /// <summary>Where clients reach it.</summary>
    Uri Address { get; }
}
