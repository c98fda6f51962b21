using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>One replica does not reach Postgres any more, while the others do.</summary>
internal sealed class CutOff(SystemUnderTest system, bool isSilent) : FaultRun(system)
{
    /// <summary>Which one.</summary>
    public const string Replica = "api-2";

    public override async Task StrikeAsync(CancellationToken cancellationToken)
    {
        if (isSilent)
        {
            System.WayToPostgres.FallSilent();
        }
        else
        {
            await System.WayToPostgres.RefuseAsync();
        }
    }

    protected override Task UndoAsync()
    {
        System.WayToPostgres.Mend();
        return Task.CompletedTask;
    }
}
