using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>Parts of the system end by SIGKILL, at once. The supervisor, or else the platform, starts them again.</summary>
internal sealed class Killed(SystemUnderTest system, params IReadOnlyList<string> names) : FaultRun(system)
{
    public override async Task StrikeAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(names.Select(System.Application.KillAsync));
        StartAgain(System.IsSupervised ? [] : names);
    }
}
