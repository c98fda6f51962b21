using NeuroCred.Api.Wallets;
using Npgsql;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// The lock of one wallet's score, held to the end of the transaction. A writer holds it alone from before it reads the wallet's activity
/// until its commit, so scores of a wallet are computed one after the other, each from everything stored before.
/// Two wallets whose names hash alike share a lock, which costs a wait and nothing else.
/// </summary>
internal static class WalletLock
{
    private const int LockClass = 2; // idempotency keys are class 1 and are locked first

    public static NpgsqlBatchCommand Take(WalletAddress address) =>
        SqlCommands.Batched("SELECT pg_advisory_xact_lock($1, hashtext($2))", LockClass, address.Lower);

    /// <summary>Answers true when no writer holds the lock, and keeps writers out until the transaction ends; readers share it.</summary>
    public static NpgsqlBatchCommand TryShare(WalletAddress address) =>
        SqlCommands.Batched("SELECT pg_try_advisory_xact_lock_shared($1, hashtext($2))", LockClass, address.Lower);
}
