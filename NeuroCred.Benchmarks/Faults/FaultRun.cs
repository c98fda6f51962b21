using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>One occurrence of a fault. When it is disposed of, what it did is undone as far as the system does not do so itself.</summary>
internal abstract class FaultRun(SystemUnderTest system) : IAsyncDisposable
{
    protected SystemUnderTest System { get; } = system;

    /// <summary>Where clients call. It is known when the fault strikes, and not yet when it prepares.</summary>
    public Uri? Gateway { get; set; }

    /// <summary>How to look up what was stored, where that is not the system's own Postgres.</summary>
    public virtual string? Ledger => null;

    /// <summary>What a replica usually takes to answer, where a program takes its place; else null.</summary>
    public virtual TimeSpan? HealthyMedian => null;

    /// <summary>What has to be in place before clients call.</summary>
    public virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets it happen. Clients go on calling for the fault's window after this has returned.</summary>
    public abstract Task StrikeAsync(CancellationToken cancellationToken);

    /// <summary>Waits for clients of its own, and answers what they saw. The measurement counts it.</summary>
    public virtual Task<IReadOnlyList<Outcome>> FinishAsync() => Task.FromResult<IReadOnlyList<Outcome>>([]);

    public async ValueTask DisposeAsync()
    {
        await UndoAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual Task UndoAsync() => Task.CompletedTask;
}
