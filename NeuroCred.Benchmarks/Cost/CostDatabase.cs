using System.Diagnostics;
using Npgsql;

namespace NeuroCred.Benchmarks.Cost;

/// <summary>What is done to Postgres, and asked of it, beside the replicas.</summary>
internal sealed class CostDatabase(string connectionString) : IAsyncDisposable
{
    // The addresses are those of CostWorkload.WalletOf. One transaction of each wallet, each time on another day: a wallet's days then lie
    // on different pages, as those do that come one by one over years among other wallets', and a score has to find them.
    private const string FillSql = """
        INSERT INTO wallet_transactions (address, hash, occurred_at, value_usd, token)
        SELECT '0x' || left(encode(sha256(convert_to($1 || ' ' || wallet, 'UTF8')), 'hex'), 40),
               '0x' || encode(sha256(convert_to($1 || ' ' || wallet || ' ' || $3, 'UTF8')), 'hex'),
               timestamptz '2023-01-01 12:00:00+00' + $3 * interval '13 days' + wallet * interval '1 minute', 10 + $3, 'USDC'
        FROM generate_series(0, $2 - 1) AS wallet
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 60 }
    );

    /// <summary>Gives wallets their transactions.</summary>
    public async Task FillAsync(string seed, int wallets, CancellationToken cancellationToken)
    {
        for (var sent = 1; sent <= CostWorkload.TransactionsPerWallet; sent++)
        {
            await using var fill = _source.CreateCommand(FillSql);
            fill.Parameters.Add(new() { Value = seed });
            fill.Parameters.Add(new() { Value = wallets });
            fill.Parameters.Add(new() { Value = sent });
            await fill.ExecuteNonQueryAsync(cancellationToken);
        }

        // Neither of them shall begin by itself while something is measured.
        await ExecuteAsync("VACUUM ANALYZE", cancellationToken);
        await ExecuteAsync("CHECKPOINT", cancellationToken);
    }

    public async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        return connection.PostgreSqlVersion.ToString();
    }

    /// <summary>Bytes of Postgres's log so far, and of the database.</summary>
    public async Task<(long Wal, long Stored)> ReadBytesAsync(CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(
            "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint, pg_database_size(current_database())"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>Has connections commit a row each, one after the other, as fast as Postgres lets them.</summary>
    public async Task<CommitRate> MeasureCommitsAsync(int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        await ExecuteAsync("CREATE TABLE IF NOT EXISTS cost_commits (at timestamptz NOT NULL DEFAULT now())", cancellationToken);
        var clock = Stopwatch.StartNew();
        var commits = await Task.WhenAll(
            Enumerable.Range(0, connections).Select(_ => CommitUntilAsync(clock, duration, cancellationToken))
        );
        return new(connections, commits.Sum() / clock.Elapsed.TotalSeconds);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<int> CommitUntilAsync(Stopwatch clock, TimeSpan end, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("INSERT INTO cost_commits DEFAULT VALUES", connection);
        var commits = 0;
        for (; clock.Elapsed < end; commits++)
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return commits;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
