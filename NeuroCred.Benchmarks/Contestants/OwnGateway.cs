using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>NeuroCred's gateway, which runs with the system.</summary>
internal sealed class OwnGateway(SystemUnderTest system) : IGateway
{
    public Uri Address => system.Gateway;

    public int ProcessId => system.Resources.GetPid("gateway");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
