using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace NeuroCred.Api.Wallets;

/// <summary>An Ethereum-style address: 20 bytes in hexadecimal. Stored in lower case, answered with its checksum (EIP-55).</summary>
internal readonly record struct WalletAddress
{
    public const string Pattern = "^0x[0-9a-fA-F]{40}$";

    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdefABCDEF");

    private WalletAddress(string lower) => Lower = lower;

    /// <summary>The form in which it is stored and compared.</summary>
    public string Lower { get; }

    /// <summary>
    /// Digits in lower case alone or in upper case alone carry no checksum and are taken as they are. A mix of both is a checksum, and one
    /// that is wrong is refused: a digit may be mistyped.
    /// </summary>
    public static bool TryParse(string? text, out WalletAddress address) =>
        TryParseAnyCase(text, out address) && (!HasChecksum(text) || text == address.ToString());

    /// <summary>What is wrong with the checksum of an address that has one, and how it is spelled right; null where that is not what is
    /// wrong with the text.</summary>
    public static string? FindChecksumProblem(string? text) =>
        TryParseAnyCase(text, out var address) && HasChecksum(text) && text != address.ToString()
            ? $"is '{text}', whose upper and lower case letters are a wrong checksum (EIP-55): a digit may be mistyped. "
                + $"If none is, send '{address}'."
            : null;

    /// <summary>EIP-55: a letter is upper case where the same digit of Keccak-256 over the lower-case form is 8 or more.</summary>
    public override string ToString() =>
        string.Create(
            42,
            Lower,
            static (characters, lower) =>
            {
                Span<byte> ascii = stackalloc byte[40];
                Encoding.ASCII.GetBytes(lower.AsSpan(2), ascii);
                Span<byte> hash = stackalloc byte[Keccak256.Length];
                Keccak256.Hash(ascii, hash);

                lower.CopyTo(characters);
                for (var i = 0; i < 40; i++)
                {
                    var nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 0xF;
                    if (nibble >= 8)
                    {
                        characters[i + 2] = char.ToUpperInvariant(characters[i + 2]);
                    }
                }
            }
        );

    private static bool TryParseAnyCase([NotNullWhen(true)] string? text, out WalletAddress address)
    {
        var valid = text is { Length: 42 } && text.StartsWith("0x", StringComparison.Ordinal) && IsHex(text.AsSpan(2));
        address = valid ? new(text!.ToLowerInvariant()) : default;
        return valid;
    }

    private static bool HasChecksum(string text) =>
        text.AsSpan(2).ContainsAnyInRange('a', 'f') && text.AsSpan(2).ContainsAnyInRange('A', 'F');

    public static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_hex);
}
