using NeuroCred.Api.Wallets;
using Npgsql;

namespace NeuroCred.Api.Scores;

/// <summary>A cache of current scores that is never behind Postgres. Wallets without a score leave nothing in it.</summary>
internal interface IScoreCache
{
    /// <summary>Looks a score up.</summary>
    Task<CacheLookup> FindAsync(WalletAddress address);

    /// <summary>Gives a ticket to fill in the score of a wallet that has one; null when another did, or there is no cache to use.</summary>
    Task<CacheTicket?> ReserveAsync(WalletAddress address);

    /// <summary>Fills in a score that was read, after the ticket was given, while no writer held the wallet's lock.</summary>
    Task FillAsync(WalletAddress address, CacheTicket ticket, ScoreJson score);

    /// <summary>
    /// Called by a writer that holds the wallet's lock in the connection's transaction, before its commit. When it returns, nobody
    /// finds the old score in the cache any more, nor can anyone put it back.
    /// </summary>
    Task RemoveAsync(NpgsqlConnection connection, WalletAddress address);
}

/// <summary>How a look-up ended. Unavailable: the cache is configured, and out of use.</summary>
internal enum CacheResult
{
    Hit,
    Miss,
    Unavailable,
    NotConfigured,
}

/// <summary>How a look-up ended, and the score that was found.</summary>
internal sealed record CacheLookup(CacheResult Result, ScoreJson? Score = null)
{
    public static readonly CacheLookup Miss = new(CacheResult.Miss);

    public static readonly CacheLookup Unavailable = new(CacheResult.Unavailable);

    public static readonly CacheLookup NotConfigured = new(CacheResult.NotConfigured);
}

/// <summary>The right to fill a score in, for as long as its token stands in the cache.</summary>
internal sealed record CacheTicket(long Epoch, string Token);

/// <summary>What is used when no Redis is configured.</summary>
internal sealed class NoScoreCache : IScoreCache
{
    public Task<CacheLookup> FindAsync(WalletAddress address) => Task.FromResult(CacheLookup.NotConfigured);

    public Task<CacheTicket?> ReserveAsync(WalletAddress address) => Task.FromResult<CacheTicket?>(null);

    public Task FillAsync(WalletAddress address, CacheTicket ticket, ScoreJson score) => Task.CompletedTask;

    public Task RemoveAsync(NpgsqlConnection connection, WalletAddress address) => Task.CompletedTask;
}
