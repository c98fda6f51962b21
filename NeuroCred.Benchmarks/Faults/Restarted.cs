using Aspire.Hosting.ApplicationModel;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>Parts of the system are restarted (SIGTERM), one after the other, each replica ready again before the next.</summary>
internal sealed class Restarted(SystemUnderTest system, params IReadOnlyList<string> names) : FaultRun(system)
{
    // For checks to notice that a replica is back.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    public override async Task StrikeAsync(CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            await System.Application.ExecuteAsync(name, KnownResourceCommands.RestartCommand, cancellationToken);
            if (SystemUnderTest.Replicas.Contains(name))
            {
                await Readiness.WaitAsync(System.AddressOf(name), name, cancellationToken);
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }
}
