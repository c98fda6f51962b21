using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>Very many clients write at the same moment, each for a wallet of its own. What they see counts as well.</summary>
internal sealed class Burst(SystemUnderTest system) : FaultRun(system)
{
    /// <summary>How many.</summary>
    public const int Clients = 1000;

    // So high that the client's own work, not the rate, sets the pace.
    private const int Rate = 100_000;

    private Task<IReadOnlyList<Outcome>> _seen = Task.FromResult<IReadOnlyList<Outcome>>([]);

    public override Task StrikeAsync(CancellationToken cancellationToken)
    {
        _seen = WriteAsync();
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<Outcome>> FinishAsync() => _seen;

    protected override Task UndoAsync() => _seen;

    private async Task<IReadOnlyList<Outcome>> WriteAsync()
    {
        var workload = new Workload($"burst {Guid.NewGuid():N}", readWallet: "");
        using var all = new CancellationTokenSource();
        using var clients = new OpenLoopClient(Gateway!, Connections.New, Rate, Next);
        return await clients.RunAsync(all.Token);

        WorkItem Next(int i)
        {
            if (i == Clients - 1)
            {
                all.Cancel();
            }

            return workload.Next((4 * i) + (i % 2 == 0 ? 1 : 3)); // a transaction or a score, of the i-th wallet
        }
    }
}
