using NeuroCred.Api.Wallets;
using NeuroCred.Tests.Api.Postgres;

namespace NeuroCred.Tests.Api.Wallets;

/// <summary>The verbs <c>aggregates check</c> and <c>aggregates repair</c>.</summary>
[StartsProcesses]
public sealed class AggregatesCommandTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task Days_that_are_wrong_missing_or_of_no_transaction_are_told_and_corrected()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        await database.AddAsync(1, [.. Enumerable.Range(0, 9).Select(LedgerDatabase.Transaction)]);
        await database.AssertActivityIsExactAsync();
        await database.RunAsync("UPDATE wallet_daily_activity SET volume_usd = 5 WHERE day = '2025-01-01'");
        await database.RunAsync("DELETE FROM wallet_daily_activity WHERE day = '2025-01-02'");
        await database.RunAsync(
            "INSERT INTO wallet_daily_activity SELECT address, '2024-12-31', 1, 2, 0 FROM wallet_daily_activity LIMIT 1"
        );
        using var output = new StringWriter();
        var command = new AggregatesCommand(database.ConnectionString, output);

        Assert.Equal(AggregatesCommand.Different, await command.CheckAsync());
        Assert.Equal(
            [
                $"{NumberedWallet.Of(1).Lower} 2024-12-31: kept 1 transactions, 2 USD, 0 of it stable; transactions say nothing",
                $"{NumberedWallet.Of(1).Lower} 2025-01-01: kept 3 transactions, 5 USD, 2.02 of it stable; transactions say 3 "
                    + "transactions, 3.03 USD, 2.02 of it stable",
                $"{NumberedWallet.Of(1).Lower} 2025-01-02: kept nothing; transactions say 3 transactions, 3.12 USD, 1.04 of it stable",
                "The daily activity differs from the transactions on 3 days of 1 wallets.",
            ],
            output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Equal(0, await command.RepairAsync());
        await database.AssertActivityIsExactAsync();
    }

    [Fact]
    public async Task A_repair_while_batches_come_loses_none_of_them()
    {
        await using var database = await LedgerDatabase.CreateAsync(postgres);
        await database.AddAsync(1, [.. Enumerable.Range(0, 300).Select(LedgerDatabase.Transaction)]);
        var sending = Enumerable
            .Range(0, 4)
            .Select(worker =>
                Task.Run(
                    async () =>
                    {
                        for (var i = 0; i < 40; i++)
                        {
                            // New transactions on days that are being corrected.
                            var transaction = LedgerDatabase.Transaction((i * 7) % 300);
                            await database.AddAsync(1, transaction with { Hash = $"0x{1000 + (worker * 1000) + i:x64}" });
                        }
                    },
                    Cancellation
                )
            )
            .ToList();

        for (var all = Task.WhenAll(sending); !all.IsCompleted; )
        {
            await database.RunAsync("UPDATE wallet_daily_activity SET transactions = transactions + 1 WHERE random() < 0.5");
            await new AggregatesCommand(database.ConnectionString, TextWriter.Null).RepairAsync();
        }

        await Task.WhenAll(sending);
        await new AggregatesCommand(database.ConnectionString, TextWriter.Null).RepairAsync();
        await database.AssertActivityIsExactAsync();
        Assert.Equal(460L, await database.RunAsync("SELECT sum(transactions)::bigint FROM wallet_daily_activity"));
    }
}
