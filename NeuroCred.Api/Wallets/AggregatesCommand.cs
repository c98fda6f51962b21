using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.Settings;
using Npgsql;

namespace NeuroCred.Api.Wallets;

/// <summary>
/// The verb <c>aggregates</c>: computes every wallet's daily activity again from its transactions, and compares it with what is kept
/// (<c>check</c>), or also corrects that (<c>repair</c>). Both may run while replicas serve.
/// </summary>
internal sealed class AggregatesCommand(string database, TextWriter output)
{
    /// <summary>Exit codes beside 0: it could not be done, wrong words, and differences that are left.</summary>
    public const int Failed = 1,
        WrongUse = 2,
        Different = 3;

    private const int MaxLines = 100;

    // One statement, so one snapshot: a transaction and what it adds to its day are seen together, or neither is.
    private const string Compare = """
        SELECT address, day, kept.transactions, kept.volume_usd, kept.stable_volume_usd,
               computed.transactions, computed.volume_usd, computed.stable_volume_usd
        FROM wallet_daily_activity AS kept FULL JOIN wallet_transactions_by_day AS computed USING (address, day)
        WHERE (kept.transactions, kept.volume_usd, kept.stable_volume_usd)
            IS DISTINCT FROM (computed.transactions, computed.volume_usd, computed.stable_volume_usd)
        ORDER BY address, day
        """;

    // Locks the days, as a batch of transactions does; then, with a newer snapshot, computes them: batches that came before are seen, later
    // ones wait and add to the result.
    private const string LockDays = """
        INSERT INTO wallet_daily_activity AS kept SELECT $1, day, 0, 0, 0 FROM unnest($2) AS given (day)
        ON CONFLICT (address, day) DO UPDATE SET transactions = kept.transactions
        """;

    private const string Correct = """
        UPDATE wallet_daily_activity AS kept
        SET transactions = coalesce(computed.transactions, 0), volume_usd = coalesce(computed.volume_usd, 0),
            stable_volume_usd = coalesce(computed.stable_volume_usd, 0)
        FROM unnest($2) AS given (day)
        LEFT JOIN (SELECT * FROM wallet_transactions_by_day WHERE address = $1) AS computed USING (day)
        WHERE kept.address = $1 AND kept.day = given.day
        """;

    private const string RemoveEmpty = "DELETE FROM wallet_daily_activity WHERE address = $1 AND day = ANY ($2) AND transactions = 0";

    /// <summary>Runs the verb with the program's configuration, and without a server.</summary>
    public static async Task<int> RunAsync(WebApplicationBuilder builder, SettingsReader settings, string[] words)
    {
        if (words is not ["check" or "repair"])
        {
            await Console.Error.WriteLineAsync(
                $"'aggregates' takes one word more, and got '{string.Join(' ', words)}'. "
                    + "Use 'aggregates check' to compare, or 'aggregates repair' to correct too."
            );
            return WrongUse;
        }

        var database = ApiOptions.ReadDatabase(settings);
        if (settings.WriteErrors(Console.Error))
        {
            return Failed;
        }

        try
        {
            var command = new AggregatesCommand(database, Console.Out);
            return words is ["check"] ? await command.CheckAsync() : await command.RepairAsync();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"The daily activity could not be compared: {DatabaseFaults.Describe(e)}");
            return Failed;
        }
    }

    /// <summary>Tells how what is kept differs from the transactions.</summary>
    /// <returns>0 if it does not, else <see cref="Different"/>.</returns>
    public async Task<int> CheckAsync()
    {
        await using var source = NpgsqlDataSource.Create(database);
        var different = await CompareAsync(source);
        return different.Count == 0 ? 0 : Different;
    }

    /// <summary>Corrects what <see cref="CheckAsync"/> tells, a wallet at a time, and compares once more.</summary>
    /// <returns>0 if nothing differs any more, else <see cref="Different"/>.</returns>
    public async Task<int> RepairAsync()
    {
        await using var source = NpgsqlDataSource.Create(database);
        var different = await CompareAsync(source);
        if (different.Count == 0)
        {
            return 0;
        }

        foreach (var wallet in different.GroupBy(entry => entry.Address, entry => entry.Day))
        {
            await CorrectAsync(source, wallet.Key, [.. wallet]);
        }

        await output.WriteLineAsync($"Corrected {Days(different)}. Comparing once more.");
        return (await CompareAsync(source)).Count == 0 ? 0 : Different;
    }

    private async Task<List<(string Address, DateOnly Day)>> CompareAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await BeginAsync(connection);
        await using var command = new NpgsqlCommand(Compare, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync();
        List<(string Address, DateOnly Day)> different = [];
        while (await reader.ReadAsync())
        {
            different.Add((reader.GetString(0), reader.GetFieldValue<DateOnly>(1)));
            if (different.Count <= MaxLines)
            {
                await output.WriteLineAsync(
                    $"{reader.GetString(0)} {reader.GetFieldValue<DateOnly>(1):yyyy-MM-dd}: kept {Describe(reader, 2)}; transactions "
                        + $"say {Describe(reader, 5)}"
                );
            }
        }

        if (different.Count > MaxLines)
        {
            await output.WriteLineAsync($"... and {different.Count - MaxLines} more");
        }

        await output.WriteLineAsync(
            different.Count == 0
                ? "The daily activity is what the transactions say."
                : $"The daily activity differs from the transactions on {Days(different)}."
        );
        return different;
    }

    private static async Task CorrectAsync(NpgsqlDataSource source, string address, DateOnly[] days)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await BeginAsync(connection);
        foreach (var sql in (string[])[LockDays, Correct, RemoveEmpty])
        {
            await using var command = connection.CreateCommand(sql, address, days);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }

    // The limits are for requests; this may take longer.
    private static async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection)
    {
        var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '30s'"
        );
        return transaction;
    }

    private static string Days(List<(string Address, DateOnly Day)> different) =>
        $"{different.Count} days of {different.DistinctBy(entry => entry.Address).Count()} wallets";

    private static string Describe(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column)
            ? "nothing"
            : $"{row.GetInt64(column)} transactions, {row.GetDecimal(column + 1):0.########} USD, "
                + $"{row.GetDecimal(column + 2):0.########} of it stable";
}
