using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>No fault: what the contestants do when all is well.</summary>
internal sealed class NoFault(SystemUnderTest system) : FaultRun(system)
{
    public override Task StrikeAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
