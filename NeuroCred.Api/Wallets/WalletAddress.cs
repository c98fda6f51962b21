using System.Text;
using Org.BouncyCastle.Crypto.Digests;

namespace NeuroCred.Api.Wallets;

/// <summary>An Ethereum-style address: 20 bytes in hexadecimal. Stored in lower case, answered with its checksum (EIP-55).</summary>
internal readonly record struct WalletAddress
{
    public const string Pattern = "^0x[0-9a-fA-F]{40}$";

    private WalletAddress(string lower) => Lower = lower;

    /// <summary>The form in which it is stored and compared.</summary>
    public string Lower { get; }

    /// <summary>
    /// Any mix of cases is taken, also one that is no valid EIP-55 checksum: the published pattern promises so.
    /// </summary>
    public static bool TryParse(string? text, out WalletAddress address)
    {
        var valid = text is { Length: 42 } && text.StartsWith("0x", StringComparison.Ordinal) && IsHex(text.AsSpan(2));
        address = valid ? new(text!.ToLowerInvariant()) : default;
        return valid;
    }

    /// <summary>
    /// EIP-55: a letter is upper case where the same digit of Keccak-256 over the lower-case form is 8 or more.
    /// Keccak as submitted, not SHA-3: the padding differs, hence not the framework's.
    /// </summary>
    public override string ToString() =>
        string.Create(
            42,
            Lower,
            static (characters, lower) =>
            {
                Span<byte> ascii = stackalloc byte[40];
                Encoding.ASCII.GetBytes(lower.AsSpan(2), ascii);
                Span<byte> hash = stackalloc byte[32];
                var keccak = new KeccakDigest(256);
                keccak.BlockUpdate(ascii);
                keccak.DoFinal(hash);

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

    public static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }
        return true;
    }
}
