using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>One occurrence of a fault. When it is disposed of, what it did is undone as far as the system does not do so itself.</summary>
internal abstract class FaultRun(SystemUnderTest system) : IAsyncDisposable
{
    /// <summary>How long after its end a part that nobody supervises is started again, as a platform would.</summary>
    public static readonly TimeSpan PlatformRestart = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _following = [];

    protected SystemUnderTest System { get; } = system;

    /// <summary>The gateway that clients call. There is one when it strikes, and none yet when it prepares.</summary>
    public IGateway? Gateway { get; set; }

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

    public virtual async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_following);
        _ending.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Has what nobody supervises started again, after the time that a platform takes.</summary>
    protected void StartAgain(params IEnumerable<string> names) =>
        _following.AddRange(names.Select(name => System.Application.StartAgainAsync(name, PlatformRestart, _ending.Token)));
}
