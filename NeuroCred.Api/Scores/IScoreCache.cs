using NeuroCred.Api.Wallets;
using Npgsql;

namespace NeuroCred.Api.Scores;

/// <summary>A cache of current scores, and of wallets that have none, that is never behind Postgres. There may be any number
/// of the latter, so only some of them are kept: they must push no score out.</summary>
internal interface IScoreCache
{
    /// <summary>Looks a score up. A hit without a score: the wallet has none.</summary>
    Task<CacheLookup> FindAsync(WalletAddress address);

    /// <summary>Gives a ticket to fill in what a wallet has; null when another did, or there is no cache to use, or the wallet has no score
    /// and enough of those were kept lately.</summary>
    Task<CacheTicket?> ReserveAsync(WalletAddress address, bool hasScore);

    /// <summary>Fills in a score, or that there is none, which was read, after the ticket was given, while no writer held the wallet's
    /// lock.</summary>
    Task FillAsync(WalletAddress address, CacheTicket ticket, ScoreJson? score);

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

/// <summary>How a look-up ended, and the score that was found; null also where the wallet is known to have none.</summary>
internal sealed record CacheLookup(CacheResult Result, ScoreJson? Score = null)
{
    public static readonly CacheLookup NoScore = new(CacheResult.Hit);

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

    public Task<CacheTicket?> ReserveAsync(WalletAddress address, bool hasScore) => Task.FromResult<CacheTicket?>(null);

    public Task FillAsync(WalletAddress address, CacheTicket ticket, ScoreJson? score) => Task.CompletedTask;

    public Task RemoveAsync(NpgsqlConnection connection, WalletAddress address) => Task.CompletedTask;
}
