namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>What a check says of one wallet.</summary>
/// <param name="Wallet">The wallet's address.</param>
/// <param name="Verdict">Whether its history is linearizable.</param>
/// <param name="Visited">How many configurations the search looked at.</param>
internal sealed record CheckedWallet(string Wallet, Verdict Verdict, int Visited)
{
    /// <summary>What is wrong, for a human; null if nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>The operations that are enough for the violation, if there is one.</summary>
    public IReadOnlyList<Operation> Window { get; init; } = [];
}

/// <summary>Checks the history of each wallet by itself: a history is linearizable if those of its objects are.</summary>
internal static class WalletCheck
{
    /// <summary>How many configurations a search may look at: a few hundred megabytes. Five minutes of faults needed 140,000 at
    /// most.</summary>
    public const int DefaultLimit = 2_000_000;

    /// <summary>Checks a history.</summary>
    /// <param name="history">Operations on any number of wallets.</param>
    /// <param name="limit">How many configurations each search may look at.</param>
    public static IReadOnlyList<CheckedWallet> Run(IReadOnlyCollection<Operation> history, int limit = DefaultLimit) =>
        [.. history.GroupBy(o => o.Wallet).Select(wallet => CheckWallet(wallet.Key, [.. wallet.OrderBy(o => o.Invoked)], limit))];

    private static CheckedWallet CheckWallet(string wallet, IReadOnlyList<Operation> operations, int limit)
    {
        var bodies = new ScoreBodies();
        try
        {
            var result = Search(new(operations, bodies), limit);
            var found = new CheckedWallet(wallet, result.Verdict, result.Visited);
            return result.Verdict == Verdict.Linearizable ? found : Explain(found, operations, bodies, limit);
        }
        catch (FormatException e)
        {
            return new(wallet, Verdict.NotLinearizable, 0) { Problem = $"{wallet}: {e.Message}" };
        }
    }

    private static CheckedWallet Explain(CheckedWallet wallet, IReadOnlyList<Operation> operations, ScoreBodies bodies, int limit)
    {
        if (wallet.Verdict == Verdict.NotDecided)
        {
            return wallet with
            {
                Problem =
                    $"{wallet.Wallet}: not decided. {wallet.Visited} configurations of its {operations.Count} operations were looked at, "
                    + "and no legal order was found. That is no proof of anything: try fewer clients for each wallet.",
            };
        }

        bool IsViolated(HistoryPart part) => Search(new(part.Operations, bodies, part.Ignored), limit).Verdict == Verdict.NotLinearizable;
        var window = new HistoryShrinking(bodies, IsViolated).Run(operations);
        var model = new WalletModel(window.Operations, bodies, window.Ignored);
        return wallet with
        {
            Window = window.Operations,
            Problem = ViolationText.Render(operations, window, [.. Search(model, limit).Order.Select(model.OperationOf)]),
        };
    }

    private static SearchResult Search(WalletModel model, int limit) => LinearizabilitySearch.Run(model.Steps, limit);
}
