using System.Diagnostics;

namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>Has clients do operations on a few wallets at once, and records them.</summary>
/// <param name="gateway">The gateway.</param>
/// <param name="seed">What the random numbers begin with.</param>
/// <param name="clients">How many clients there are. Each does one operation at a time.</param>
/// <param name="wallets">On how many wallets at a time.</param>
internal sealed class HistoryRecording(Uri gateway, int seed, int clients, int wallets) : IDisposable
{
    private const int MaxPauseMilliseconds = 40;
    private const int MaxShortTimeoutMilliseconds = 30;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly List<WalletUnderTest> _all = [];
    private readonly WalletUnderTest?[] _current = new WalletUnderTest[wallets];
    private readonly Lock _lock = new();
    private readonly RecordingClient[] _clients = Connect(gateway, clients);

    /// <summary>The history so far.</summary>
    public IReadOnlyList<Operation> History => [.. _clients.SelectMany(c => c.Recorded).OrderBy(o => o.Invoked)];

    /// <summary>Records while faults happen; then, when the system is well again, reads what is left of every wallet.</summary>
    /// <param name="faults">The faults.</param>
    /// <param name="time">How long they happen.</param>
    /// <param name="heal">Waits until the system is well again.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="TimeoutException">A wallet could not be read, though the faults were over for a minute.</exception>
    public async Task RunAsync(FaultMixture faults, TimeSpan time, Func<CancellationToken, Task> heal, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(time);
        var calling = _clients.Select((client, i) => RunAsync(client, new(unchecked((seed * 1000) + i)), stop.Token));
        await Task.WhenAll([faults.RunAsync(stop.Token), .. calling]);
        await heal(cancellationToken);
        await ReadAllAsync();
    }

    public void Dispose() => Array.ForEach(_clients, c => c.Dispose());

    // That nothing was lost shows here.
    private async Task ReadAllAsync()
    {
        var left = new Stack<WalletUnderTest>(_all);
        using var deadline = new CancellationTokenSource(s_deadline);
        await Task.WhenAll(
            _clients.Select(async client =>
            {
                while (TryTake(out var wallet))
                {
                    var read = await ReadAsync(client, wallet, OperationKind.ReadScore, deadline.Token);
                    if (read.Score is not null)
                    {
                        await ReadAsync(client, wallet, OperationKind.ReadAllScores, deadline.Token);
                    }
                }
            })
        );

        bool TryTake(out WalletUnderTest wallet)
        {
            lock (_lock)
            {
                return left.TryPop(out wallet!);
            }
        }
    }

    private static RecordingClient[] Connect(Uri gateway, int clients)
    {
        var start = Stopwatch.GetTimestamp();
        return [.. Enumerable.Range(0, clients).Select(i => new RecordingClient(gateway, i, start))];
    }

    private async Task RunAsync(RecordingClient client, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wallet = Choose(random.Next(wallets));

            // Some clients go away before the answer: whether their request was carried out is unknown then, however well the system is.
            TimeSpan? limit = random.Next(100) < 3 ? TimeSpan.FromMilliseconds(random.Next(1, MaxShortTimeoutMilliseconds)) : null;
            await client.DoAsync(wallet, wallet.Next(random), limit);
            await Task.Delay(random.Next(MaxPauseMilliseconds), CancellationToken.None);
        }
    }

    private WalletUnderTest Choose(int place)
    {
        lock (_lock)
        {
            if (_current[place] is not { IsUsedUp: false } wallet)
            {
                wallet = _current[place] = new(Workload.AddressOf($"{_run} {_all.Count}"));
                _all.Add(wallet);
            }

            return wallet;
        }
    }

    private static async Task<Operation> ReadAsync(
        RecordingClient client,
        WalletUnderTest wallet,
        OperationKind kind,
        CancellationToken deadline
    )
    {
        while (true)
        {
            if (await client.DoAsync(wallet, (kind, null, null)) is { Outcome: OperationOutcome.Ok } read)
            {
                return read;
            }

            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"{wallet.Address} could not be read ({client.Recorded[^1].Told}), though the faults are over.");
            }
        }
    }
}
