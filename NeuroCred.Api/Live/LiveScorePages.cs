using NeuroCred.Api.Postgres;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Live;

/// <summary>A wallet's scores after one that is known, page by page, waiting for each. Outlasts a database that is away.</summary>
internal sealed class LiveScorePages(WalletAddress address, LiveScoreHub hub, ILiveScoreSource source, TimeProvider time) : IDisposable
{
    private const int PageSize = 50;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    // Before the first page is read: what is announced between reading and waiting is then not missed.
    private readonly LiveScoreHub.Watch _watch = hub.Begin(address);

    /// <summary>The next scores after the given one; at least one.</summary>
    public async Task<IReadOnlyList<ScoreAnswer>> NextAsync(long sequence, CancellationToken cancellationToken)
    {
        for (var announced = false; ; announced = true)
        {
            if (await TryReadAsync(sequence) is { Count: > 0 } page)
            {
                return page;
            }

            if (announced)
            {
                // The database is away, or something was announced that is not there. Neither may make this loop spin.
                await Task.Delay(s_pause, time, cancellationToken);
            }

            await _watch.WaitForNewerAsync(sequence, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<ScoreAnswer>> TryReadAsync(long sequence)
    {
        try
        {
            return await source.ReadAfterAsync(address, sequence, PageSize);
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            return [];
        }
    }

    public void Dispose() => _watch.Dispose();
}
