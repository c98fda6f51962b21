using Npgsql;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>Looks into Postgres for what clients were told is stored.</summary>
internal static class StoredWrites
{
    /// <summary>Asserts that every acknowledged write is there, once.</summary>
    public static async Task AssertStoredOnceAsync(string connectionString, IEnumerable<Outcome> outcomes)
    {
        var acknowledged = outcomes.Where(o => !o.Failed).ToLookup(o => o.Item.Kind, o => o.Item.Subject);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await AssertOnceAsync(database, "SELECT hash, count(*) FROM wallet_transactions WHERE hash = ANY($1) GROUP BY hash", acknowledged[Workload.Transactions]);
        await AssertOnceAsync(database, "SELECT address, count(*) FROM score_history WHERE address = ANY($1) GROUP BY address", acknowledged[Workload.Score]);
    }

    private static async Task AssertOnceAsync(NpgsqlDataSource database, string sql, IEnumerable<string> acknowledged)
    {
        string[] expected = [.. acknowledged];
        Assert.NotEmpty(expected);
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = expected });
        var found = new Dictionary<string, long>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                found[reader.GetString(0)] = reader.GetInt64(1);
            }
        }

        Assert.Empty(expected.Except(found.Keys));
        Assert.DoesNotContain(found, f => f.Value != 1);
    }
}
