namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>What there is of a wallet at an instant.</summary>
/// <param name="Transactions">A bit for each transaction that is stored.</param>
/// <param name="Newest">The newest score, and behind it all earlier ones; null if there is none.</param>
/// <param name="Computing">The score for which the stored transactions were read last, and that is not stored yet.</param>
internal sealed record WalletState(ulong Transactions, StoredScore? Newest, UnstoredScore? Computing)
{
    /// <summary>A wallet of which nothing is known.</summary>
    public static WalletState Empty { get; } = new(0, null, null);

    /// <summary>The score that a key has made, or null.</summary>
    public StoredScore? FindScoreOf(string key)
    {
        var score = Newest;
        while (score is not null && score.Key != key)
        {
            score = score.Earlier;
        }

        return score;
    }
}

/// <summary>A score that is being computed.</summary>
/// <param name="Key">Its idempotency key.</param>
/// <param name="Transactions">The transactions that it counts.</param>
internal sealed record UnstoredScore(string Key, ulong Transactions);

/// <summary>A score that is stored, and those before it.</summary>
internal sealed class StoredScore : IEquatable<StoredScore>
{
    private readonly int _hash;

    /// <param name="earlier">The one before it.</param>
    /// <param name="key">Its idempotency key.</param>
    /// <param name="body">Its body; null as long as no client was told.</param>
    /// <param name="transactions">The transactions that it counts.</param>
    public StoredScore(StoredScore? earlier, string key, ScoreBody? body, ulong transactions)
    {
        (Earlier, Key, Body, Transactions, Sequence) = (earlier, key, body, transactions, (earlier?.Sequence ?? 0) + 1);
        _hash = HashCode.Combine(earlier?._hash, key, body?.Text, transactions);
    }

    /// <summary>The one before it.</summary>
    public StoredScore? Earlier { get; }

    /// <summary>Its idempotency key.</summary>
    public string Key { get; }

    /// <summary>Its body; null as long as no client was told.</summary>
    public ScoreBody? Body { get; }

    /// <summary>The transactions that it counts.</summary>
    public ulong Transactions { get; }

    /// <summary>1 for a wallet's first.</summary>
    public int Sequence { get; }

    public bool Equals(StoredScore? other)
    {
        var mine = this;
        while (mine is not null && other is not null && !ReferenceEquals(mine, other))
        {
            if (
                mine._hash != other._hash
                || mine.Key != other.Key
                || mine.Transactions != other.Transactions
                || mine.Body?.Text != other.Body?.Text
            )
            {
                return false;
            }

            (mine, other) = (mine.Earlier, other.Earlier);
        }

        return ReferenceEquals(mine, other);
    }

    public override bool Equals(object? obj) => Equals(obj as StoredScore);

    public override int GetHashCode() => _hash;
}
