namespace NeuroCred.Benchmarks.Contestants;

/// <summary>NeuroCred's gateway, which runs with the system.</summary>
internal sealed class OwnGateway(Uri address) : IGateway
{
    public Uri Address => address;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
