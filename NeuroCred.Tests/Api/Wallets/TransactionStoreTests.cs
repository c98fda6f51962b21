using System.Collections.Concurrent;
using NeuroCred.Api.Retention;
using NeuroCred.Api.Wallets;
using NeuroCred.Tests.Api.Postgres;
using Npgsql;

namespace NeuroCred.Tests.Api.Wallets;

/// <summary>What batches of transactions leave in Postgres.</summary>
[StartsProcesses]
public sealed class TransactionStoreTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task A_batch_takes_one_round_trip_be_it_new_or_sent_again_or_refused()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        WalletTransaction[] batch = [.. Enumerable.Range(0, TransactionBatch.MaxTransactions).Select(LedgerDatabase.Transaction)];
        WalletTransaction[] larger = [.. batch[1..], LedgerDatabase.Transaction(5000)];
        await database.AddAsync(1, LedgerDatabase.Transaction(0)); // its connection is open now

        Assert.Equal((1, batch.Length), await CountAsync(() => database.AddAsync(2, batch)));
        Assert.Equal((1, 0), await CountAsync(() => database.AddAsync(2, batch)));
        Assert.Equal((1, 1), await CountAsync(() => database.AddAsync(2, larger)));
        Assert.Equal((1, 0), await CountAsync(() => database.AddAsync(2, batch[0] with { Token = "DAI" })));
    }

    [Fact]
    public async Task A_hash_that_is_stored_with_other_values_refuses_its_batch_and_is_told_with_what_is_stored()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        var stored = LedgerDatabase.Transaction(1) with { Counterparty = NumberedWallet.Of(9).Lower };
        await database.AddAsync(1, stored);
        WalletTransaction[] others =
        [
            stored with
            {
                ValueUsd = 77,
            },
            stored with
            {
                Token = "ETh",
            },
            stored with
            {
                Timestamp = stored.Timestamp.AddMicroseconds(1),
            },
            stored with
            {
                Counterparty = null,
            },
        ];

        foreach (var other in others)
        {
            var (added, differing) = await database.AddAsync(1, LedgerDatabase.Transaction(0), other, LedgerDatabase.Transaction(2));

            Assert.Equal((0, stored), (added, Assert.Single(differing)));
        }

        Assert.Equal(1L, await database.RunAsync("SELECT count(*) FROM wallet_transactions"));
        Assert.Equal((1, 0), await CountsAsync(database.AddAsync(2, others[0]))); // another wallet's transaction has nothing to do with it
        await database.AssertActivityIsExactAsync();
    }

    [Fact]
    public async Task What_was_stored_before_the_migration_and_what_the_previous_version_stores_after_it_are_counted()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres, steps: 2);
        WalletTransaction[] transactions = [.. Enumerable.Range(0, 90).Select(LedgerDatabase.Transaction)];
        await database.AddAsPreviousVersionAsync(1, transactions[..30]);
        await database.MigrateAsync();
        await database.AddAsPreviousVersionAsync(1, transactions[20..60]);
        await database.AddAsync(1, transactions[50..]);

        await database.AssertActivityIsExactAsync();
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        var features = await WalletActivity.ReadAsync(connection, NumberedWallet.Of(1));
        var volume = transactions.Sum(t => t.ValueUsd);
        var stable = transactions.Where(t => t.Token == "usdc").Sum(t => t.ValueUsd);
        Assert.Equal((90, volume, 30), (features.Transactions, features.VolumeUsd, features.DaysActive));
        Assert.Equal((double)decimal.Round(stable / volume, 4), features.StablecoinRatio);
    }

    [Fact]
    public async Task The_same_value_each_week_is_no_volatility_wherever_in_the_week_it_falls()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        await database.RunAsync(
            $"""
            INSERT INTO wallet_transactions (address, hash, occurred_at, value_usd, token, client)
            SELECT '{NumberedWallet.Of(1).Lower}', '0x' || lpad(day::text, 64, '0'),
                   timestamptz '2025-01-08 12:00Z' + day * interval '1 day', value, 'ETH', 'test'
            FROM (VALUES (0, 60), (6, 40), (7, 100), (20, 100)) AS given (day, value)
            """
        );

        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        var features = await WalletActivity.ReadAsync(connection, NumberedWallet.Of(1));
        Assert.Equal((4, 4, 0.0), (features.Transactions, features.DaysActive, features.Volatility));
        await database.RunAsync("DELETE FROM wallet_transactions WHERE value_usd = 40");
        features = await WalletActivity.ReadAsync(connection, NumberedWallet.Of(1));
        Assert.Equal((3, 3, 0.1026), (features.Transactions, features.DaysActive, features.Volatility)); // mean 86.67: 26.67 of 260 move
    }

    [Fact]
    public async Task A_score_reads_as_much_for_20_000_transactions_as_for_ten_on_the_same_days()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        foreach (var (wallet, each) in new[] { (1, 1), (2, 2000) })
        {
            await database.RunAsync(
                $"""
                INSERT INTO wallet_transactions (address, hash, occurred_at, value_usd, token, client)
                SELECT '{NumberedWallet.Of(wallet).Lower}', '0x' || lpad(to_hex(10 * i + day), 64, '0'),
                       timestamptz '2025-01-01Z' + day * interval '1 day', 1, 'ETH', 'test'
                FROM generate_series(0, 9) AS day, generate_series(1, {each}) AS i
                """
            );
        }

        // Ten days; the planner reads one of them or all once more, to find the first.
        Assert.InRange(await ReadRowsAsync(1, transactions: 10), 10, 20);
        Assert.InRange(await ReadRowsAsync(2, transactions: 20_000), 10, 20);

        async Task<long> ReadRowsAsync(int wallet, int transactions)
        {
            await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await connection.ExecuteAsync("SET LOCAL enable_seqscan = off"); // as with many wallets
            var before = await CountRowsAsync(connection);
            var features = await WalletActivity.ReadAsync(connection, NumberedWallet.Of(wallet));
            Assert.Equal(transactions, features.Transactions);
            return await CountRowsAsync(connection) - before;
        }

        // All of the session that is not added to the server's count yet, which may be more than the transaction's.
        async Task<long> CountRowsAsync(NpgsqlConnection connection)
        {
            await using var command = new NpgsqlCommand(
                "SELECT sum(idx_tup_fetch + seq_tup_read)::bigint FROM pg_stat_xact_user_tables",
                connection
            );
            return (long)(await command.ExecuteScalarAsync(Cancellation))!;
        }
    }

    [Fact]
    public async Task Batches_at_the_same_time_sessions_that_are_killed_and_old_days_that_are_deleted_leave_every_day_exact()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        var stored = new ConcurrentDictionary<(int Wallet, int Transaction), bool>();
        var killed = 0;
        using var done = new CancellationTokenSource();

        // The first ten days are deleted again and again, while all that lies on them is sent again and again.
        var deleting = Task.Run(
            async () =>
            {
                while (!done.IsCancellationRequested)
                {
                    await TryAsync(async () =>
                    {
                        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
                        await ExpiredRows.DeleteTransactionsAsync(connection, new(2025, 1, 11, 0, 0, 0, TimeSpan.Zero));
                    });
                }
            },
            Cancellation
        );
        var killing = Task.Run(
            async () =>
            {
                for (; !done.IsCancellationRequested; await Task.Delay(20, Cancellation))
                {
                    killed += await postgres.RunAsync(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'ledger_%' AND state <> 'idle' "
                            + "ORDER BY random() LIMIT 1"
                    )
                        is true
                        ? 1
                        : 0;
                }
            },
            Cancellation
        );
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() => SendAsync(new Random(worker)), Cancellation)));
        await done.CancelAsync();
        await Task.WhenAll(deleting, killing);

        Assert.Equal(0L, await database.RunAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
        Assert.True(killed > 0, "No session was killed in the middle of its work.");
        Assert.NotEmpty(stored);
        await database.AssertActivityIsExactAsync();
        foreach (var (wallet, number) in stored.Keys)
        {
            var (added, differing) = await database.AddAsync(wallet, LedgerDatabase.Transaction(number));
            Assert.Equal((0, 0), (added, differing.Count));
        }

        async Task SendAsync(Random random)
        {
            for (var i = 0; i < 60; i++)
            {
                var wallet = random.Next(2);
                var first = random.Next(300);
                var numbers = Enumerable.Range(first, random.Next(1, 60)).ToArray();
                WalletTransaction[] batch = [.. numbers.Select(LedgerDatabase.Transaction)];
                await TryAsync(async () =>
                {
                    if (i % 4 == 0)
                    {
                        await database.AddAsPreviousVersionAsync(wallet, batch);
                    }
                    else
                    {
                        await database.AddAsync(wallet, batch);
                    }

                    foreach (var number in numbers.Where(number => number >= 30)) // the others are deleted
                    {
                        stored[(wallet, number)] = true;
                    }
                });
            }
        }

        static async Task TryAsync(Func<Task> work)
        {
            try
            {
                await work();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                // Killed, and so was the second attempt; or too late, on a busy machine.
            }
        }
    }

    private static async Task<(int Added, int Differing)> CountsAsync(
        Task<(int Added, IReadOnlyList<WalletTransaction> Differing)> answer
    ) => (await answer) is var (added, differing) ? (added, differing.Count) : default;

    /// <summary>How many commands the driver sent to Postgres, one after the other, and how many transactions were new.</summary>
    private static async Task<(int RoundTrips, int Added)> CountAsync(
        Func<Task<(int Added, IReadOnlyList<WalletTransaction> Differing)>> work
    )
    {
        using var here = new Activity("test").Start();
        var commands = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == here.TraceId)
                {
                    Interlocked.Increment(ref commands);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var (added, _) = await work();
        return (commands, added);
    }
}
