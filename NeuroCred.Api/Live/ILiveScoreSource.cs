using NeuroCred.Api.Scores;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Live;

/// <summary>Where live scores come from. Every method fails, as the database does, while the database does not answer.</summary>
internal interface ILiveScoreSource
{
    /// <summary>The sequence of each wallet's newest score; those without a score are left out.</summary>
    Task<IReadOnlyList<(string Address, long Sequence)>> FindNewestAsync(string[] addresses);

    /// <summary>A wallet's first scores after the given one, in order and without a gap.</summary>
    Task<IReadOnlyList<ScoreAnswer>> ReadAfterAsync(WalletAddress address, long sequence, int limit);
}
