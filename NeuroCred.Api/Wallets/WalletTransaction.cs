namespace NeuroCred.Api.Wallets;

/// <summary>One checked transaction of a wallet, as it is stored.</summary>
/// <param name="Hash">The transaction's hash on its chain, in lower case: with the wallet, its identity.</param>
/// <param name="Timestamp">When it happened, UTC.</param>
/// <param name="ValueUsd">What it was worth in US dollars, not negative, rounded to 8 decimals.</param>
/// <param name="Token">The token's symbol as given.</param>
/// <param name="Counterparty">The other side's address in lower case, if known.</param>
internal sealed record WalletTransaction(string Hash, DateTime Timestamp, decimal ValueUsd, string Token, string? Counterparty);
