namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>
/// The steps of a wallet's history, each with what it does to a <see cref="WalletState"/>. The model is what the API promises:
/// <list type="bullet">
/// <item>A transaction is stored once, however often it is sent.</item>
/// <item>A score is computed from all transactions that are stored at an instant after the request came, and stored at a later instant,
/// with the next sequence. Between the two no other score of the wallet is computed; but a transaction may be stored then, and be
/// acknowledged before the score that does not count it.</item>
/// <item>An idempotency key makes one score; whoever sends it again gets that one's body.</item>
/// <item>A read of a score shows the newest; a read of all shows all, in the order in which they were stored.</item>
/// </list>
/// </summary>
internal sealed class WalletModel
{
    private readonly ulong _counted;
    private readonly ScoreBodies _bodies;
    private readonly Dictionary<string, ScoreBody?> _bodyOfKey = new(StringComparer.Ordinal);
    private readonly HashSet<string> _attributed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _expiryOfKey = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _all;
    private readonly bool _hasUnattributed;
    private readonly ulong _observed;
    private readonly List<(Operation Operation, Step Step)> _steps = [];

    /// <param name="operations">The history of one wallet.</param>
    /// <param name="bodies">The scores that were answered.</param>
    /// <param name="ignored">A bit for each transaction to leave out, also of every score: a legal history stays legal without it.</param>
    public WalletModel(IReadOnlyList<Operation> operations, ScoreBodies bodies, ulong ignored = 0)
    {
        (_counted, _bodies) = (~ignored, bodies);
        foreach (var operation in operations.Where(o => o is { Outcome: OperationOutcome.Ok, Kind: OperationKind.ComputeScore }))
        {
            var body = Read(operation.Score!);
            _observed |= Counted(body);
            _attributed.Add(body.Text);
            _expiryOfKey.TryAdd(operation.Key!, operation.KeyExpires);
            _bodyOfKey[operation.Key!] = !_bodyOfKey.TryGetValue(operation.Key!, out var other) || other == body ? body : null;
        }

        var reads = operations.Where(o => o.Outcome == OperationOutcome.Ok && o.IsRead).ToList();
        foreach (var text in reads.SelectMany(o => o.AllScores ?? (o.Score is null ? [] : [o.Score])))
        {
            _observed |= Counted(Read(text));
            _hasUnattributed |= !_attributed.Contains(text);
        }

        _all = reads.Select(o => o.AllScores).OfType<IReadOnlyList<string>>().MaxBy(all => all.Count) ?? [];
        foreach (var operation in operations)
        {
            _steps.AddRange(Read(operation, operations).Select(step => (operation, step)));
        }
    }

    /// <summary>The steps.</summary>
    public IReadOnlyList<Step> Steps => [.. _steps.Select(s => s.Step)];

    /// <summary>The operation that a step is of.</summary>
    public Operation OperationOf(int step) => _steps[step].Operation;

    private IReadOnlyList<Step> Read(Operation operation, IReadOnlyList<Operation> all) =>
        operation switch
        {
            { Outcome: OperationOutcome.Failed } => [],
            { Outcome: OperationOutcome.Unknown } => CanMatter(operation, all) ? ReadUnknown(operation) : [],
            { Kind: OperationKind.AddTransaction } when !IsCounted(operation) => [],
            { Kind: OperationKind.AddTransaction, Transaction: { } transaction, WasNew: { } wasNew } =>
            [
                Definite(operation, state => Add(state, transaction, wasNew)),
            ],
            { Kind: OperationKind.ComputeScore } =>
            [
                Definite(operation, state => Begin(state, operation.Key!, Read(operation.Score!))),
                Definite(
                    operation,
                    state =>
                        operation.KeyExpires == _expiryOfKey[operation.Key!] ? Store(state, operation.Key!, Read(operation.Score!)) : null
                ),
            ],
            { Kind: OperationKind.ReadScore } => [Definite(operation, state => Show(state, operation.Score))],
            _ => [Definite(operation, state => operation.AllScores is { } all ? ShowAll(state, all) : null)],
        };

    private IReadOnlyList<Step> ReadUnknown(Operation operation)
    {
        if (operation is { Kind: OperationKind.AddTransaction, Transaction: { } transaction })
        {
            return [Possible(operation, state => Add(state, transaction, wasNew: true))];
        }

        var (key, body) = (operation.Key!, _bodyOfKey.GetValueOrDefault(operation.Key!));
        return
        [
            Possible(operation, state => Begin(state, key, body) is { } begun && begun != state ? begun : null),
            Possible(operation, state => state.FindScoreOf(key) is null ? Store(state, key, body) : null),
        ];
    }

    // What nobody has seen the effect of, and what was known to be done before it was invoked, explains nothing. Each would double what the
    // search has to look at.
    private bool CanMatter(Operation operation, IReadOnlyList<Operation> all) =>
        operation.Kind switch
        {
            OperationKind.AddTransaction => IsCounted(operation)
                && (_observed & Bit(operation.Transaction!.Value)) != 0
                && !all.Any(o =>
                    o.Outcome == OperationOutcome.Ok && o.Transaction == operation.Transaction && o.Completed < operation.Invoked
                ),
            OperationKind.ComputeScore => _bodyOfKey.ContainsKey(operation.Key!)
                ? !all.Any(o => o.Outcome == OperationOutcome.Ok && o.Key == operation.Key && o.Completed < operation.Invoked)
                : _hasUnattributed,
            _ => false,
        };

    private static Step Definite(Operation operation, Func<WalletState, WalletState?> apply) =>
        new(operation.Invoked, operation.Completed, apply);

    private static Step Possible(Operation operation, Func<WalletState, WalletState?> apply) => new(operation.Invoked, null, apply);

    // An answer that says "duplicate" may be the first: the gateway sends a request again when the replica that carried it out is gone.
    private static WalletState? Add(WalletState state, int transaction, bool wasNew) =>
        wasNew && HasTransaction(state, transaction) ? null : state with { Transactions = state.Transactions | Bit(transaction) };

    private WalletState? Begin(WalletState state, string key, ScoreBody? body) =>
        state.FindScoreOf(key) is not null ? state
        : body is not null && Counted(body) != state.Transactions ? null
        : state with { Computing = new(key, state.Transactions) };

    private WalletState? Store(WalletState state, string key, ScoreBody? body) =>
        state.FindScoreOf(key) is { } stored ? Tell(state, stored, body!, key)
        : state.Computing is { } computing
        && computing.Key == key
        && IsNext(state, body)
        && (body is null || Counted(body) == computing.Transactions)
            ? state with
            {
                Newest = new(state.Newest, key, body, computing.Transactions),
                Computing = null,
            }
        : null;

    // The longest answer with all scores must be true in the end, so it tells beforehand in which order scores were stored. Without this,
    // scores that were computed at the same time would be tried in every order.
    private bool IsNext(WalletState state, ScoreBody? body)
    {
        var before = state.Newest?.Sequence ?? 0;
        return before >= _all.Count || (body is null ? !_attributed.Contains(_all[before]) : body.Text == _all[before]);
    }

    private WalletState? Show(WalletState state, string? text) =>
        text is null ? (state.Newest is null ? state : null)
        : state.Newest is { } newest ? Tell(state, newest, Read(text), key: null)
        : null;

    private WalletState? ShowAll(WalletState state, IReadOnlyList<string> texts)
    {
        if (texts.Count != (state.Newest?.Sequence ?? 0))
        {
            return null;
        }

        StoredScore? told = null;
        foreach (var stored in Oldest(state))
        {
            var body = Read(texts[stored.Sequence - 1]);
            if (!CanBe(stored, body, key: null))
            {
                return null;
            }

            told = new(told, stored.Key, body, stored.Transactions);
        }

        return state with
        {
            Newest = told,
        };
    }

    /// <summary>Has a client be told the body of a score; null if it cannot be that one's.</summary>
    private WalletState? Tell(WalletState state, StoredScore stored, ScoreBody body, string? key)
    {
        if (!CanBe(stored, body, key))
        {
            return null;
        }

        if (stored.Body is not null)
        {
            return state;
        }

        StoredScore? told = null;
        foreach (var score in Oldest(state))
        {
            told = new(told, score.Key, ReferenceEquals(score, stored) ? body : score.Body, score.Transactions);
        }

        return state with
        {
            Newest = told,
        };
    }

    // The body of a key that was answered is no other key's.
    private bool CanBe(StoredScore stored, ScoreBody body, string? key) =>
        stored.Body is { } known
            ? known == body
            : Counted(body) == stored.Transactions && (key == stored.Key || !_attributed.Contains(body.Text));

    private static Stack<StoredScore> Oldest(WalletState state)
    {
        var scores = new Stack<StoredScore>();
        for (var score = state.Newest; score is not null; score = score.Earlier)
        {
            scores.Push(score);
        }

        return scores;
    }

    private ScoreBody Read(string text) => _bodies.Read(text);

    private ulong Counted(ScoreBody body) => body.Transactions & _counted;

    private bool IsCounted(Operation operation) => (Bit(operation.Transaction!.Value) & _counted) != 0;

    private static bool HasTransaction(WalletState state, int transaction) => (state.Transactions & Bit(transaction)) != 0;

    private static ulong Bit(int transaction) => 1UL << transaction;
}
