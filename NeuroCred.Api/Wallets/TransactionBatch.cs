using System.Text.Json;

namespace NeuroCred.Api.Wallets;

/// <summary>
/// The transactions of one request, all checked. One bad transaction refuses the batch, and every error is named, so that a client
/// corrects once.
/// </summary>
/// <param name="Transactions">Each hash once, ordered by hash: concurrent batches then lock rows in one order and cannot deadlock.</param>
/// <param name="Positions">Where the request has each of them, in the same order.</param>
/// <param name="Repeated">How many were exact repetitions inside the batch.</param>
internal sealed record TransactionBatch(IReadOnlyList<WalletTransaction> Transactions, IReadOnlyList<int> Positions, int Repeated)
{
    public const int MaxTransactions = 1000;

    private static readonly string[] s_fields = ["hash", "timestamp", "valueUsd", "token", "counterparty"];

    /// <param name="transactions">What the client sent.</param>
    /// <param name="earliest">Since when transactions are taken.</param>
    /// <param name="now">The time.</param>
    /// <param name="errors">What is wrong.</param>
    /// <returns>The batch, or null with what is wrong by field, such as <c>transactions[3].valueUsd</c>.</returns>
    public static TransactionBatch? Read(
        JsonElement transactions,
        DateTimeOffset earliest,
        DateTimeOffset now,
        out Dictionary<string, string[]> errors
    )
    {
        errors = [];
        if (CheckShape(transactions) is { } wrong)
        {
            errors["transactions"] = [wrong];
            return null;
        }

        SortedDictionary<string, (WalletTransaction Transaction, int Index)> byHash = new(StringComparer.Ordinal);
        var repeated = 0;
        var index = -1;
        foreach (var element in transactions.EnumerateArray())
        {
            index++;
            if (errors.Count >= ApiProblems.MaxErrors)
            {
                errors["transactions"] = [$"has the errors listed, and was not read from transactions[{index}] on."];
                return null;
            }

            if (ReadOne(element, $"transactions[{index}]", earliest, now, errors) is not { } transaction)
            {
                continue;
            }

            if (byHash.TryAdd(transaction.Hash, (transaction, index)))
            {
                continue;
            }

            repeated++;
            var first = byHash[transaction.Hash];
            if (first.Transaction != transaction)
            {
                errors[$"transactions[{index}].hash"] =
                [
                    $"is the hash of transactions[{first.Index}], which says something else; send each transaction once.",
                ];
            }
        }

        return errors.Count > 0
            ? null
            : new([.. byHash.Values.Select(entry => entry.Transaction)], [.. byHash.Values.Select(entry => entry.Index)], repeated);
    }

    private static string? CheckShape(JsonElement transactions) =>
        transactions.ValueKind switch
        {
            JsonValueKind.Undefined => "is missing; send {\"transactions\": [...]}.",
            JsonValueKind.Array when transactions.GetArrayLength() == 0 => "is empty; send at least one transaction.",
            JsonValueKind.Array when transactions.GetArrayLength() > MaxTransactions =>
                $"has {transactions.GetArrayLength()} entries; send at most {MaxTransactions} at a time. Resending is harmless.",
            JsonValueKind.Array => null,
            _ => "must be an array of transactions.",
        };

    private static WalletTransaction? ReadOne(
        JsonElement element,
        string name,
        DateTimeOffset earliest,
        DateTimeOffset now,
        Dictionary<string, string[]> errors
    )
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors[name] = ["must be an object with hash, timestamp, valueUsd, token and, optionally, counterparty."];
            return null;
        }

        var before = errors.Count;
        void Check(string field, string? error)
        {
            if (error is not null)
            {
                errors[$"{name}.{field}"] = [error];
            }
        }

        Dictionary<string, JsonElement> fields = [];
        foreach (var property in element.EnumerateObject())
        {
            var field = property.GetGivenName();
            if (s_fields.Contains(field))
            {
                fields[field] = property.Value;
            }
            else if (errors.Count < ApiProblems.MaxErrors)
            {
                Check(ApiProblems.Shorten(field), ApiProblems.UnknownField(s_fields));
            }
        }

        Check("hash", TransactionFields.ReadHash(fields.GetValueOrDefault("hash"), out var hash));
        Check("timestamp", TransactionFields.ReadTimestamp(fields.GetValueOrDefault("timestamp"), earliest, now, out var timestamp));
        Check("valueUsd", TransactionFields.ReadValueUsd(fields.GetValueOrDefault("valueUsd"), out var valueUsd));
        Check("token", TransactionFields.ReadToken(fields.GetValueOrDefault("token"), out var token));
        Check("counterparty", TransactionFields.ReadCounterparty(fields.GetValueOrDefault("counterparty"), out var counterparty));
        return errors.Count > before ? null : new(hash, timestamp, valueUsd, token, counterparty);
    }
}
