using Microsoft.Extensions.Logging.Abstractions;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Migrations;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Wallets;
using NeuroCred.Tests.Api.Postgres;
using Npgsql;

namespace NeuroCred.Tests.Api.Wallets;

/// <summary>A database of its own on a test's server, and what a replica does in it.</summary>
internal sealed class LedgerDatabase : IAsyncDisposable
{
    private readonly ReplicaDatabase _replica;

    private LedgerDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        Source = NpgsqlDataSource.Create(connectionString);
        _replica = new(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public Database Requests => _replica.Requests;

    /// <summary>Makes a database with the schema, or with its first steps.</summary>
    public static async Task<LedgerDatabase> CreateAsync(PostgresServer postgres, int steps = int.MaxValue)
    {
        var connectionString = await postgres.CreateDatabaseAsync($"ledger_{Guid.NewGuid():N}");
        var database = new LedgerDatabase(DatabaseDefaults.Complete(PostgresServer.WithPool(connectionString)));
        await database.MigrateAsync(steps);
        return database;
    }

    /// <summary>Always the same transaction for a number: three a day, every second one in a stablecoin.</summary>
    public static WalletTransaction Transaction(int number) =>
        new(
            $"0x{number:x64}",
            new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(8 * number),
            1 + (number / 100m),
            number % 2 == 0 ? "usdc" : "ETH",
            null
        );

    public Task MigrateAsync(int steps = int.MaxValue) =>
        new Migrator(Source, [.. MigrationScript.Embedded().Take(steps)], NullLogger<Migrator>.Instance).ApplyAsync(Cancellation);

    /// <summary>Stores transactions as a request does.</summary>
    public Task<(int Added, IReadOnlyList<WalletTransaction> Differing)> AddAsync(
        int wallet,
        params IReadOnlyList<WalletTransaction> transactions
    ) =>
        new TransactionStore(Requests, new(TimeProvider.System, most: 1)).AddAsync(
            NumberedWallet.Of(wallet),
            new(transactions, [.. Enumerable.Range(0, transactions.Count)], 0),
            "test"
        );

    /// <summary>Stores transactions as replicas of the version before the daily activity do.</summary>
    public async Task AddAsPreviousVersionAsync(int wallet, params IReadOnlyList<WalletTransaction> transactions)
    {
        await using var command = Source.CreateCommand(
            """
            INSERT INTO wallet_transactions (address, hash, occurred_at, value_usd, token)
            SELECT $1, hash, occurred_at, value_usd, token
            FROM unnest($2, $3, $4, $5) AS given (hash, occurred_at, value_usd, token)
            ON CONFLICT (address, hash) DO NOTHING
            """
        );
        command.Parameters.AddWithValue(NumberedWallet.Of(wallet).Lower);
        command.Parameters.AddWithValue(transactions.Select(t => t.Hash).ToArray());
        command.Parameters.AddWithValue(transactions.Select(t => t.Timestamp).ToArray());
        command.Parameters.AddWithValue(transactions.Select(t => t.ValueUsd).ToArray());
        command.Parameters.AddWithValue(transactions.Select(t => t.Token).ToArray());
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Runs a statement, and answers its first value.</summary>
    public async Task<object?> RunAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    /// <summary>Fails unless the daily activity is what the transactions say.</summary>
    public async Task AssertActivityIsExactAsync()
    {
        using var output = new StringWriter();
        Assert.True(await new AggregatesCommand(ConnectionString, output).CheckAsync() == 0, output.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync();
        await Source.DisposeAsync();
    }
}
