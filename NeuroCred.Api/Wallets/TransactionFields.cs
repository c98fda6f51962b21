using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NeuroCred.Api.Wallets;

/// <summary>Reads one field of a transaction, or says what is wrong with it and what would be right.</summary>
internal static partial class TransactionFields
{
    public const decimal MaxValueUsd = 1_000_000_000_000m;

    /// <summary>How far ahead of this clock a transaction may lie: clocks differ, chains allow seconds.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>The day of Ethereum's first block. What claims to be older has a wrong unit or a missing value.</summary>
    public static readonly DateTimeOffset Earliest = new(2015, 7, 30, 0, 0, 0, TimeSpan.Zero);

    // RFC 3339: the offset is required, because a local time of nobody knows where cannot be placed on a day.
    private static readonly string[] s_timestampFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    // RFC 3339 allows any number of digits of a second; the parser takes seven.
    [GeneratedRegex(@"(?<=\.[0-9]{7})[0-9]+(?=(?:Z|[+-][0-9]{2}:[0-9]{2})\z)")]
    private static partial Regex TooFine { get; }

    public static string? ReadHash(JsonElement value, out string hash)
    {
        hash = value.TryGetText()?.ToLowerInvariant() ?? "";
        return hash.Length == 66 && hash.StartsWith("0x", StringComparison.Ordinal) && WalletAddress.IsHex(hash.AsSpan(2))
            ? null
            : Wrong(value, "the transaction's hash as a string, ^0x[0-9a-fA-F]{64}$");
    }

    public static string? ReadTimestamp(JsonElement value, DateTimeOffset earliest, DateTimeOffset now, out DateTime timestamp)
    {
        timestamp = default;
        var text = value.TryGetText();
        const string Expected = "an RFC 3339 time with its offset, such as \"2025-03-01T12:00:00Z\"";
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(text is null ? null : TooFine.Replace(text, ""), s_timestampFormats, null, Utc, out var parsed))
        {
            return Wrong(value, Expected);
        }

        if (parsed < Earliest)
        {
            return Wrong(value, $"a time after the first Ethereum block, {Earliest:yyyy-MM-dd}");
        }

        if (parsed < earliest)
        {
            return Wrong(
                value,
                $"a time since {earliest:yyyy-MM-dd'T'HH:mm:ss'Z'}: older transactions are not kept here, and are not scored"
            );
        }

        if (parsed > now + ClockSkew)
        {
            return Wrong(value, $"a time that is not in the future (now: {now:yyyy-MM-dd'T'HH:mm:ss'Z'})");
        }

        timestamp = new(parsed.UtcTicks - (parsed.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
        return null;
    }

    public static string? ReadValueUsd(JsonElement value, out decimal valueUsd)
    {
        valueUsd = 0;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number) || number is < 0 or > MaxValueUsd)
        {
            return Wrong(value, "a JSON number from 0 to 1000000000000 (US dollars, not negative)");
        }

        valueUsd = decimal.Round(number, 8);
        return null;
    }

    public static string? ReadToken(JsonElement value, out string token)
    {
        token = value.TryGetText() ?? "";
        return token.Length is >= 1 and <= 32 && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '$' or '+')
            ? null
            : Wrong(value, "the token's symbol as a string of 1 to 32 letters, digits or . - _ $ +, such as \"USDC\"");
    }

    public static string? ReadCounterparty(JsonElement value, out string? counterparty)
    {
        counterparty = null;
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        var text = value.TryGetText();
        if (!WalletAddress.TryParse(text, out var address))
        {
            return WalletAddress.FindChecksumProblem(text) ?? Wrong(value, $"an address as a string, {WalletAddress.Pattern}, or nothing");
        }

        counterparty = address.Lower;
        return null;
    }

    private static string Wrong(JsonElement value, string expected)
    {
        var given = value.ValueKind switch
        {
            JsonValueKind.Undefined => "missing",
            JsonValueKind.Null => "null",
            JsonValueKind.Array => "an array",
            JsonValueKind.Object => "an object",
            _ => ApiProblems.Shorten(value.GetGivenText()),
        };
        return $"is {given}; must be {expected}.";
    }
}
