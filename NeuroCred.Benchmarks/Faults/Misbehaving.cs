using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>One replica's place is taken by a program that behaves well until it strikes.</summary>
/// <param name="system">The system.</param>
/// <param name="create">Makes the misbehaviour, from the median time that the real replica takes to answer.</param>
/// <param name="duration">How long it misbehaves; null for the whole window.</param>
internal sealed class Misbehaving(SystemUnderTest system, Func<TimeSpan, Misbehaviour> create, TimeSpan? duration = null) : FaultRun(system)
{
    private const string Name = "api-2",
        Helper = "api-3";

    private FaultyReplica? _replica;
    private Misbehaviour? _misbehaviour;
    private TimeSpan? _healthyMedian;

    public override TimeSpan? HealthyMedian => _healthyMedian;

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var address = System.AddressOf(Name);
        var median = await ReplicaMedian.MeasureAsync(address, cancellationToken);
        (_healthyMedian, _misbehaviour) = (median, create(median));
        await System.Application.DrainAsync(Name, cancellationToken);
        _replica = await FaultyReplica.StartAsync(Name, address.Port, System.AddressOf(Helper));
        await Readiness.WaitAsync(address, $"the program in {Name}'s place", cancellationToken);
    }

    public override async Task StrikeAsync(CancellationToken cancellationToken)
    {
        _replica!.Misbehaviour = _misbehaviour;
        if (duration is { } limit)
        {
            await Task.Delay(limit, cancellationToken);
            _replica.Misbehaviour = null;
        }
    }

    protected override async Task UndoAsync()
    {
        if (_replica is not null)
        {
            await _replica.DisposeAsync();
        }

        await System.Application.StartAsync(Name, CancellationToken.None);
    }
}
