using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api.Wallets;

/// <summary>Wallets that tests tell apart by a number.</summary>
internal static class NumberedWallet
{
    public static WalletAddress Of(int number) =>
        WalletAddress.TryParse($"0x{number:x40}", out var address) ? address : throw new FormatException();
}
