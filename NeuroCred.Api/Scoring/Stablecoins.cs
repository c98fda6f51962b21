namespace NeuroCred.Api.Scoring;

/// <summary>
/// The tokens that count as stablecoins: those pegged to the US dollar, by symbol in any case. Any other symbol is valid and not stable.
/// </summary>
internal static class Stablecoins
{
    public static readonly string[] Symbols =
    [
        "USDC",
        "USDC.E",
        "USDT",
        "DAI",
        "USDS",
        "PYUSD",
        "FDUSD",
        "TUSD",
        "USDP",
        "GUSD",
        "BUSD",
        "FRAX",
        "LUSD",
        "SUSD",
        "CRVUSD",
        "GHO",
    ];
}
