using System.Runtime.InteropServices;
using NeuroCred.Api.Configuration;

namespace NeuroCred.Api.Wallets;

/// <summary>
/// Has one request of this replica at a time write what a wallet has. The others would wait for locks in Postgres, each with a connection
/// that other wallets need; here they hold none. What other replicas do is for those locks alone.
/// </summary>
internal sealed class WalletTurns(TimeProvider time)
{
    private readonly Dictionary<string, Queue> _queues = [];

    /// <summary>Waits for a wallet's turn, for <see cref="DatabaseDefaults.LockTimeout"/>.</summary>
    /// <returns>The turn, which ends when it is disposed of; null when it did not come.</returns>
    public async Task<WalletTurn?> TakeAsync(WalletAddress address)
    {
        var asked = time.GetTimestamp();
        var queue = Enter(address.Lower);
        if (await queue.Free.WaitAsync(DatabaseDefaults.LockTimeout))
        {
            var left = DatabaseDefaults.WriteLimit - time.GetElapsedTime(asked);
            // None, where this process was suspended meanwhile.
            return new(left > TimeSpan.Zero ? left : TimeSpan.Zero, () => Leave(queue, hadTurn: true));
        }

        Leave(queue, hadTurn: false);
        return null;
    }

    /// <summary>The same, for a request that has no answer of its own for a busy wallet.</summary>
    /// <exception cref="TimeoutException">The turn did not come.</exception>
    public async Task<WalletTurn> RequireAsync(WalletAddress address) =>
        await TakeAsync(address) ?? throw new TimeoutException("Other writes of the wallet did not end.");

    private Queue Enter(string wallet)
    {
        lock (_queues)
        {
            ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(_queues, wallet, out _);
            queue ??= new(wallet);
            queue.Users++;
            return queue;
        }
    }

    private void Leave(Queue queue, bool hadTurn)
    {
        lock (_queues)
        {
            if (hadTurn)
            {
                queue.Free.Release();
            }
            if (--queue.Users == 0)
            {
                _queues.Remove(queue.Wallet);
                queue.Free.Dispose();
            }
        }
    }

    private sealed class Queue(string wallet)
    {
        public string Wallet => wallet;

        public SemaphoreSlim Free { get; } = new(1);

        /// <summary>How many have the turn or wait for it.</summary>
        public int Users { get; set; }
    }
}

/// <summary>A request's turn to write what a wallet has.</summary>
/// <param name="left">What waiting for it left of <see cref="DatabaseDefaults.WriteLimit"/>.</param>
/// <param name="end">Ends it.</param>
internal sealed class WalletTurn(TimeSpan left, Action end) : IDisposable
{
    /// <summary>How long the request may take from here.</summary>
    public TimeSpan Left => left;

    public void Dispose() => end();
}
