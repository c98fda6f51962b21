namespace NeuroCred.Api.Wallets;

/// <summary>Says, by field, how transactions that are stored differ from those that were sent under the same hash.</summary>
internal static class StoredDifferences
{
    /// <param name="batch">What was sent.</param>
    /// <param name="stored">What is stored of those that differ.</param>
    public static Dictionary<string, string[]> DescribeDifferences(this TransactionBatch batch, IReadOnlyList<WalletTransaction> stored)
    {
        var storedByHash = stored.ToDictionary(transaction => transaction.Hash);
        var differing = batch
            .Transactions.Zip(batch.Positions)
            .Where(sent => storedByHash.ContainsKey(sent.First.Hash))
            .OrderBy(sent => sent.Second)
            .ToList();
        var errors = differing
            .Take(ApiProblems.MaxErrors)
            .ToDictionary(
                sent => $"transactions[{sent.Second}].hash",
                sent => new[] { $"is stored for this wallet with {Describe(storedByHash[sent.First.Hash], sent.First)}." }
            );
        if (differing.Count > ApiProblems.MaxErrors)
        {
            errors["transactions"] =
            [
                $"has {differing.Count} transactions that are stored with other values; the first {ApiProblems.MaxErrors} are listed.",
            ];
        }

        return errors;
    }

    private static string Describe(WalletTransaction stored, WalletTransaction sent)
    {
        List<string> fields = [];
        void Compare(string name, string storedValue, string sentValue)
        {
            if (storedValue != sentValue)
            {
                fields.Add($"{name} {storedValue} (sent: {sentValue})");
            }
        }

        Compare("timestamp", Text(stored.Timestamp), Text(sent.Timestamp));
        Compare("valueUsd", Text(stored.ValueUsd), Text(sent.ValueUsd));
        Compare("token", stored.Token, sent.Token);
        Compare("counterparty", stored.Counterparty ?? "none", sent.Counterparty ?? "none");
        return string.Join(", ", fields);
    }

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'");

    private static string Text(decimal value) => value.ToString("0.########");
}
