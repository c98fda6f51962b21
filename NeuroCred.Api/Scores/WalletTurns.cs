using NeuroCred.Api.Postgres;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Scores;

/// <summary>
/// Has one request of this replica at a time compute a wallet's score. The others would wait for <see cref="WalletLock"/> in Postgres, each
/// with a connection that other wallets need; here they hold none. What other replicas do is for that lock alone.
/// Two wallets whose names hash alike share a turn, which costs a wait and nothing else.
/// </summary>
internal sealed class WalletTurns : IDisposable
{
    // Many times more than can be under way, so that wallets seldom meet.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 1024).Select(_ => new SemaphoreSlim(1))];

    /// <summary>The turn of a wallet: to be taken and released.</summary>
    public SemaphoreSlim this[WalletAddress address] => _turns[(uint)address.Lower.GetHashCode(StringComparison.Ordinal) % (uint)_turns.Length];

    public void Dispose() => Array.ForEach(_turns, turn => turn.Dispose());
}
