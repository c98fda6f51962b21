using System.Runtime.InteropServices;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Scores;

/// <summary>
/// Has one request of this replica at a time compute a wallet's score. The others would wait for <see cref="WalletLock"/> in Postgres, each
/// with a connection that other wallets need; here they hold none. What other replicas do is for that lock alone.
/// </summary>
internal sealed class WalletTurns
{
    private readonly Dictionary<string, Turn> _turns = [];

    /// <summary>Waits for a wallet's turn.</summary>
    /// <param name="address">The wallet.</param>
    /// <param name="patience">How long to wait.</param>
    /// <returns>What ends the turn when it is disposed of; null when the turn did not come.</returns>
    public async Task<IDisposable?> TakeAsync(WalletAddress address, TimeSpan patience)
    {
        var turn = Enter(address.Lower);
        if (await turn.Free.WaitAsync(patience))
        {
            return turn;
        }

        Leave(turn);
        return null;
    }

    private Turn Enter(string wallet)
    {
        lock (_turns)
        {
            ref var turn = ref CollectionsMarshal.GetValueRefOrAddDefault(_turns, wallet, out _);
            turn ??= new(this, wallet);
            turn.Users++;
            return turn;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Users == 0)
            {
                _turns.Remove(turn.Wallet);
                turn.Free.Dispose();
            }
        }
    }

    private sealed class Turn(WalletTurns turns, string wallet) : IDisposable
    {
        public string Wallet => wallet;

        public SemaphoreSlim Free { get; } = new(1);

        /// <summary>How many have it or wait for it.</summary>
        public int Users { get; set; }

        public void Dispose()
        {
            Free.Release();
            turns.Leave(this);
        }
    }
}
