using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>An ordinary day.</summary>
internal sealed class NoFault(SystemUnderTest system) : FaultRun(system)
{
    public override Task StrikeAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
