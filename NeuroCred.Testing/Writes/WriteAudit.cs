using NeuroCred.Testing.Load;
using Npgsql;

namespace NeuroCred.Testing.Writes;

/// <summary>What Postgres says about the writes that clients sent.</summary>
/// <param name="Acknowledged">How many were answered with success.</param>
/// <param name="Lost">Acknowledged, and not there.</param>
/// <param name="Doubled">There more than once, acknowledged or not.</param>
internal sealed record WriteAudit(int Acknowledged, IReadOnlyList<string> Lost, IReadOnlyList<string> Doubled)
{
    private const string TransactionRows = "SELECT hash, count(*) FROM wallet_transactions WHERE hash = ANY($1) GROUP BY hash";
    private const string ScoreRows = "SELECT address, count(*) FROM score_history WHERE address = ANY($1) GROUP BY address";

    /// <summary>Looks every write up.</summary>
    public static async Task<WriteAudit> ReadAsync(string connectionString, IReadOnlyCollection<Outcome> outcomes)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        var transactions = await ReadAsync(database, TransactionRows, [.. outcomes.Where(o => o.Item.Kind == Workload.Transactions)]);
        var scores = await ReadAsync(database, ScoreRows, [.. outcomes.Where(o => o.Item.Kind == Workload.Score)]);
        return new(
            transactions.Acknowledged + scores.Acknowledged,
            [.. transactions.Lost, .. scores.Lost],
            [.. transactions.Doubled, .. scores.Doubled]
        );
    }

    private static async Task<WriteAudit> ReadAsync(NpgsqlDataSource database, string sql, IReadOnlyCollection<Outcome> writes)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = writes.Select(w => w.Item.Subject).ToArray() });
        var rows = new Dictionary<string, long>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows[reader.GetString(0)] = reader.GetInt64(1);
        }

        string[] acknowledged = [.. writes.Where(w => !w.Failed).Select(w => w.Item.Subject)];
        return new(
            acknowledged.Length,
            [.. acknowledged.Where(subject => !rows.ContainsKey(subject))],
            [.. rows.Where(r => r.Value > 1).Select(r => r.Key)]
        );
    }
}
