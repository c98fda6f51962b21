namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>
/// A wallet that several clients use at once, and what they have sent for it so far. It is replaced by a fresh one after a while: the
/// search for an order takes longer the longer a history is.
/// </summary>
internal sealed class WalletUnderTest(string address)
{
    private const int MaxOperations = 150,
        Recent = 8;

    private readonly Lock _lock = new();
    private readonly List<string> _keys = [];
    private int _operations;
    private int _transactions;

    public string Address => address;

    /// <summary>Whether it has a score for certain. Without one, a live connection has nothing to tell.</summary>
    public bool HasScore { get; set; }

    /// <summary>Whether it has had its share.</summary>
    public bool IsUsedUp
    {
        get
        {
            lock (_lock)
            {
                return _operations >= MaxOperations || _transactions == ScoreBody.MaxTransactions;
            }
        }
    }

    /// <summary>Says what a client does next: a third of the writes are sent again, also while the first is still under way.</summary>
    public (OperationKind Kind, int? Transaction, string? Key) Next(Random random)
    {
        lock (_lock)
        {
            _operations++;
            return random.Next(100) switch
            {
                < 18 when _transactions < ScoreBody.MaxTransactions => (OperationKind.AddTransaction, _transactions++, null),
                < 26 when _transactions > 0 => (OperationKind.AddTransaction, random.Next(_transactions), null),
                < 46 => (OperationKind.ComputeScore, null, NewKey()),
                < 58 when _keys.Count > 0 => (OperationKind.ComputeScore, null, _keys[^random.Next(1, Math.Min(_keys.Count, Recent) + 1)]),
                < 62 when HasScore => (OperationKind.ReadAllScores, null, null),
                _ => (OperationKind.ReadScore, null, null),
            };
        }
    }

    private string NewKey()
    {
        var key = $"{address[..18]}-{_keys.Count}";
        _keys.Add(key);
        return key;
    }
}
