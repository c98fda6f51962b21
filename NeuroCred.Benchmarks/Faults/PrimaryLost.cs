using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>The primary of two Postgres servers is killed, and its synchronous standby promoted, as Patroni does.</summary>
internal sealed class PrimaryLost(SystemUnderTest system) : FaultRun(system)
{
    /// <summary>How long after its end the standby is promoted.</summary>
    public static readonly TimeSpan Promotion = TimeSpan.FromSeconds(2);

    private readonly LocalPostgres _primary = new();
    private LocalPostgres? _standby;

    public override string? Ledger => _standby?.ConnectionString;

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _primary.CreateAsync();
        _standby = await _primary.StartSynchronousStandbyAsync();
        await System.UseDatabaseAsync(LocalPostgres.ConnectionStringOfPrimary(_primary.Port, _standby.Port), cancellationToken);
    }

    public override async Task StrikeAsync(CancellationToken cancellationToken)
    {
        await _primary.KillAsync();
        await Task.Delay(Promotion, cancellationToken);
        await _standby!.PromoteAsync();
    }

    protected override async Task UndoAsync()
    {
        await System.UseDatabaseAsync(null, CancellationToken.None);
        await _primary.DisposeAsync();
        if (_standby is not null)
        {
            await _standby.DisposeAsync();
        }
    }
}
