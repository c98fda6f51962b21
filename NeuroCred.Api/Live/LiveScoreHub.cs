using System.Runtime.InteropServices;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Live;

/// <summary>
/// Knows which wallets this replica's clients watch, and wakes those who wait for a newer score. It carries no scores: who is woken reads
/// them itself, so nothing is ever kept for a client that is slow.
/// </summary>
internal sealed class LiveScoreHub
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Wallet> _watched = new(StringComparer.Ordinal);

    /// <summary>What is known of a watched wallet.</summary>
    internal sealed class Wallet
    {
        public int Watches;
        public long Newest;
        public TaskCompletionSource Changed = NewSignal();
    }

    /// <summary>The addresses that anyone watches.</summary>
    public string[] Watched
    {
        get
        {
            lock (_lock)
            {
                return [.. _watched.Keys];
            }
        }
    }

    /// <summary>Begins to watch a wallet. What is announced from then on is not missed, whenever it is waited for.</summary>
    public Watch Begin(WalletAddress address)
    {
        lock (_lock)
        {
            ref var wallet = ref CollectionsMarshal.GetValueRefOrAddDefault(_watched, address.Lower, out _);
            wallet ??= new();
            wallet.Watches++;
            return new(this, address.Lower, wallet);
        }
    }

    /// <summary>Says that a wallet has a score with this sequence. Late, repeated and unwanted announcements do nothing.</summary>
    public void Announce(string address, long sequence)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (!_watched.TryGetValue(address, out var wallet) || wallet.Newest >= sequence)
            {
                return;
            }

            wallet.Newest = sequence;
            (changed, wallet.Changed) = (wallet.Changed, NewSignal());
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One client's interest in one wallet.</summary>
    internal sealed class Watch(LiveScoreHub hub, string address, Wallet wallet) : IDisposable
    {
        private bool _ended;

        /// <summary>Returns when a score after the given one was announced.</summary>
        public async Task WaitForNewerAsync(long sequence, CancellationToken cancellationToken)
        {
            while (true)
            {
                Task changed;
                lock (hub._lock)
                {
                    if (wallet.Newest > sequence)
                    {
                        return;
                    }

                    changed = wallet.Changed.Task;
                }

                await changed.WaitAsync(cancellationToken);
            }
        }

        public void Dispose()
        {
            lock (hub._lock)
            {
                if (!_ended && --wallet.Watches == 0)
                {
                    hub._watched.Remove(address);
                }

                _ended = true;
            }
        }
    }
}
