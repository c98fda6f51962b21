using NeuroCred.Api.Live;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Tests.Api.Live;

/// <summary>The scores of one wallet, in memory, that can be out of reach.</summary>
internal sealed class FakeScoreSource(string wallet) : ILiveScoreSource
{
    private long _newest;

    /// <summary>Every read fails, as those of a database do that does not answer.</summary>
    public bool IsAway { get; set; }

    public int Reads { get; private set; }

    /// <summary>Makes every score this large, in characters.</summary>
    public int Size { get; init; }

    public void Append(int scores = 1) => _newest += scores;

    public Task<IReadOnlyList<(string Address, long Sequence)>> FindNewestAsync(string[] addresses)
    {
        Reads++;
        return IsAway
            ? throw new TimeoutException()
            : Task.FromResult<IReadOnlyList<(string, long)>>(addresses.Contains(wallet) ? [(wallet, _newest)] : []);
    }

    public Task<IReadOnlyList<ScoreAnswer>> ReadAfterAsync(WalletAddress address, long sequence, int limit)
    {
        Reads++;
        return IsAway
            ? throw new TimeoutException()
            : Task.FromResult<IReadOnlyList<ScoreAnswer>>([
                .. Enumerable.Range(1, limit).Select(i => sequence + i).TakeWhile(s => s <= _newest).Select(Score),
            ]);
    }

    private ScoreAnswer Score(long sequence) =>
        new(sequence, new string('0', Size), (int)sequence, 0, 0, [], 0, 0, "1", null, DateTime.UnixEpoch);
}
