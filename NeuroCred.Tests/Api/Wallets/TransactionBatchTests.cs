using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api.Wallets;

public class TransactionBatchTests
{
    private static readonly DateTimeOffset s_earliest = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_now = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static string Hash(int number) => $"0x{number:x64}";

    private static string Transaction(
        int number = 1,
        string? hash = null,
        string timestamp = "\"2025-03-01T12:00:00Z\"",
        string value = "10",
        string token = "\"USDC\"",
        string more = ""
    ) => $$"""{"hash":{{hash ?? $"\"{Hash(number)}\""}},"timestamp":{{timestamp}},"valueUsd":{{value}},"token":{{token}}{{more}}}""";

    private static TransactionBatch? Read(string json, out Dictionary<string, string[]> errors)
    {
        using var document = JsonDocument.Parse(json);
        return TransactionBatch.Read(document.RootElement.Clone(), s_earliest, s_now, out errors);
    }

    private static void Refused(string transaction, string field)
    {
        Assert.Null(Read($"[{Transaction(7)},{transaction}]", out var errors));
        var error = Assert.Single(errors);
        Assert.Equal($"transactions[1]{field}", error.Key);
        Assert.Contains("must be", Assert.Single(error.Value), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_is_named_at_once()
    {
        Assert.Null(
            Read($"[{Transaction(value: "-1")},{Transaction(2)},{Transaction(3, timestamp: "null", token: "\"\"")},5]", out var errors)
        );

        Assert.Equal(
            ["transactions[0].valueUsd", "transactions[2].timestamp", "transactions[2].token", "transactions[3]"],
            errors.Keys.Order()
        );
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("\"12\"")]
    [InlineData("null")]
    [InlineData("1e400")]
    [InlineData("1000000000000.01")]
    [InlineData("\"NaN\"")]
    public void A_value_is_a_number_that_is_not_negative_and_not_absurd(string value) => Refused(Transaction(value: value), ".valueUsd");

    [Theory]
    [InlineData("\"2025-03-01T12:00:00\"")]
    [InlineData("\"2025-03-01\"")]
    [InlineData("\"2025-03-01T12:00:00.123456789\"")]
    [InlineData("\"01/03/2025 12:00\"")]
    [InlineData("1740830400")]
    [InlineData("\"2025-02-30T12:00:00Z\"")]
    [InlineData("\"2015-07-29T12:00:00Z\"")]
    [InlineData("\"2025-06-01T12:05:01Z\"")]
    public void A_time_has_an_offset_and_lies_between_the_first_block_and_now(string timestamp) =>
        Refused(Transaction(timestamp: timestamp), ".timestamp");

    [Theory]
    [InlineData("\"0x12\"")]
    [InlineData("null")]
    [InlineData("5")]
    public void A_hash_is_32_bytes_in_hexadecimal(string hash) => Refused(Transaction(hash: hash), ".hash");

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"US DC\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\u0000\"")]
    [InlineData("\"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG\"")]
    public void A_token_is_a_short_symbol(string token) => Refused(Transaction(token: token), ".token");

    [Fact]
    public void A_counterparty_is_an_address_when_there_is_one() =>
        Refused(Transaction(more: ",\"counterparty\":\"bob\""), ".counterparty");

    [Fact]
    public void A_counterparty_whose_checksum_is_wrong_is_refused_with_the_right_one()
    {
        Assert.Null(Read($"[{Transaction(more: ",\"counterparty\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed\"")}]", out var errors));

        Assert.Contains(
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            Assert.Single(errors["transactions[0].counterparty"]),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(",\"counterParty\":null", ".counterParty")]
    [InlineData(",\"memo\":\"rent\"", ".memo")]
    [InlineData(",\"\\ud800\":1", ".not UTF-8")]
    public void A_field_that_is_not_known_is_refused_by_its_name_with_those_that_are(string more, string field)
    {
        Refused(Transaction(more: more), field);
        Assert.Null(Read($"[{Transaction(more: more)}]", out var errors));
        Assert.Contains("valueUsd, token, counterparty", errors.Values.Single()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_field_is_named() =>
        Refused($$"""{"hash":"{{Hash(1)}}","timestamp":"2025-03-01T12:00:00Z","token":"ETH"}""", ".valueUsd");

    [Fact]
    public void Fields_are_read_into_their_stored_form()
    {
        var batch = Read(
            $"[{Transaction(hash: $"\"0x{new string('A', 64)}\"", timestamp: "\"2025-03-01T01:00:00.1234567+02:00\"", value: "0.123456789",
                more: ",\"counterparty\":\"0x52908400098527886E0F7030069857D2E4169EE7\"")}]",
            out _
        );

        var transaction = Assert.Single(batch!.Transactions);
        Assert.Equal($"0x{new string('a', 64)}", transaction.Hash);
        Assert.Equal(new DateTime(2025, 2, 28, 23, 0, 0, DateTimeKind.Utc).AddMicroseconds(123456), transaction.Timestamp);
        Assert.Equal(0.12345679m, transaction.ValueUsd);
        Assert.Equal("0x52908400098527886e0f7030069857d2e4169ee7", transaction.Counterparty);
    }

    [Theory]
    [InlineData("2025-03-01T12:00:00.123456789Z")]
    [InlineData("2025-03-01T14:00:00.123456789012+02:00")]
    public void A_time_may_have_more_digits_of_a_second_than_are_kept(string timestamp) =>
        Assert.Equal(
            new DateTime(2025, 3, 1, 12, 0, 0, DateTimeKind.Utc).AddMicroseconds(123456),
            Assert.Single(Read($"[{Transaction(timestamp: $"\"{timestamp}\"")}]", out _)!.Transactions).Timestamp
        );

    [Fact]
    public void Transactions_are_ordered_by_hash_so_that_concurrent_batches_cannot_deadlock()
    {
        var batch = Read($"[{Transaction(3)},{Transaction(1)},{Transaction(2)}]", out _);

        Assert.Equal([Hash(1), Hash(2), Hash(3)], batch!.Transactions.Select(t => t.Hash));
    }

    [Fact]
    public void A_transaction_that_is_too_old_to_be_kept_is_named_with_the_time_since_when_they_are()
    {
        Assert.NotNull(Read($"[{Transaction(timestamp: "\"2020-01-01T00:00:00Z\"")}]", out _));
        Assert.Null(Read($"[{Transaction(7)},{Transaction(timestamp: "\"2019-12-31T23:59:59Z\"")}]", out var errors));

        Assert.Contains("2020-01-01T00:00:00Z", Assert.Single(errors["transactions[1].timestamp"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repetition_inside_the_batch_counts_once()
    {
        var batch = Read($"[{Transaction()},{Transaction()}]", out _);

        Assert.Equal((1, 1), (batch!.Transactions.Count, batch.Repeated));
    }

    [Fact]
    public void Two_contents_under_one_hash_in_a_batch_are_refused()
    {
        Assert.Null(Read($"[{Transaction()},{Transaction(value: "11")}]", out var errors));

        Assert.Contains("transactions[0]", Assert.Single(errors["transactions[1].hash"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "empty")]
    [InlineData("{}", "array")]
    public void A_batch_has_transactions(string json, string expected)
    {
        Assert.Null(Read(json, out var errors));
        Assert.Contains(expected, Assert.Single(errors["transactions"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_of_a_batch_is_part_of_its_error()
    {
        Assert.NotNull(Read($"[{string.Join(',', Enumerable.Range(0, 1000).Select(i => Transaction(i)))}]", out _));
        Assert.Null(Read($"[{string.Join(',', Enumerable.Range(0, 1001).Select(i => Transaction(i)))}]", out var errors));
        Assert.Contains("at most 1000", Assert.Single(errors["transactions"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_of_errors_is_cut_off_and_nothing_is_said_of_what_was_not_read()
    {
        var wrong = string.Join(',', Enumerable.Range(0, 100).Select(i => Transaction(i, value: "-1")));
        Assert.Null(Read($"[{wrong},{Transaction(100)}]", out var errors));

        Assert.Equal(101, errors.Count);
        Assert.Equal("has the errors listed, and was not read from transactions[100] on.", Assert.Single(errors["transactions"]));
    }
}
