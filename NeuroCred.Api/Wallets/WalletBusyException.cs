namespace NeuroCred.Api.Wallets;

/// <summary>Other writes of a wallet did not end while this one waited. It wrote nothing.</summary>
internal sealed class WalletBusyException() : Exception("Other writes of the wallet did not end.");
