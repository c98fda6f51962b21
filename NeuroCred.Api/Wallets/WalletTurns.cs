using System.Runtime.InteropServices;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using Npgsql;

namespace NeuroCred.Api.Wallets;

/// <summary>
/// Has one request of this replica at a time write what a wallet has. The others would wait for locks in Postgres, each with a connection
/// that other wallets need; here they hold none. What other replicas do is for those locks alone.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="most">How many requests of one wallet may have the turn or wait for it: they keep their place among those that the
/// replica works on, and the other wallets need some.</param>
internal sealed class WalletTurns(TimeProvider time, int most)
{
    private readonly Dictionary<string, Queue> _queues = [];

    /// <summary>Waits for a wallet's turn, for <see cref="DatabaseDefaults.LockTimeout"/>.</summary>
    /// <returns>The turn, which ends when it is disposed of; null when it did not come, or too many wait already.</returns>
    public async Task<WalletTurn?> TakeAsync(WalletAddress address)
    {
        var asked = time.GetTimestamp();
        if (Enter(address.Lower) is not { } queue)
        {
            return null;
        }

        if (await queue.Free.WaitAsync(DatabaseDefaults.LockTimeout))
        {
            var left = DatabaseDefaults.WriteLimit - time.GetElapsedTime(asked);
            // None, where this process was suspended meanwhile.
            return new(left > TimeSpan.Zero ? left : TimeSpan.Zero, () => Leave(queue, hadTurn: true));
        }

        Leave(queue, hadTurn: false);
        return null;
    }

    /// <summary>Waits for a wallet's turn, and writes what it has.</summary>
    /// <exception cref="WalletBusyException">The turn did not come, or another replica kept the wallet: nothing was written.</exception>
    public async Task<T> WriteAsync<T>(WalletAddress address, Database database, Func<NpgsqlConnection, Task<T>> work)
    {
        using var turn = await TakeAsync(address) ?? throw new WalletBusyException();
        try
        {
            return await database.RunAsync(work, turn.Left);
        }
        catch (PostgresException e) when (DatabaseFaults.IsLockTimeout(e))
        {
            throw new WalletBusyException();
        }
    }

    private Queue? Enter(string wallet)
    {
        lock (_queues)
        {
            ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(_queues, wallet, out _);
            queue ??= new(wallet);
            if (queue.Users == most)
            {
                return null;
            }

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
