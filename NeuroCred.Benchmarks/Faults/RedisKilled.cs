using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>Redis ends by SIGKILL, and is gone for a while.</summary>
internal sealed class RedisKilled(SystemUnderTest system, TimeSpan absence) : FaultRun(system)
{
    public override async Task StrikeAsync(CancellationToken cancellationToken)
    {
        System.Resources.Kill("redis");
        await System.Resources.StartAgainAsync("redis", absence, cancellationToken);
    }
}
