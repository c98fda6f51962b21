using NeuroCred.Api.Configuration;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Scoring;
using NeuroCred.Api.Wallets;

namespace NeuroCred.Api.Scores;

/// <summary>
/// Reads and computes a score that nobody asked for, before the server listens: a replica that opened its first connections and compiled
/// its code only under the first requests would keep those waiting for seconds, and be taken for failed. It never keeps a replica from
/// starting: what is down or slow is left alone after <see cref="Limit"/>.
/// </summary>
internal sealed class ScoreWarmUp(ScoreReader reader, Database database, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    // No wallet that exists: the first of the addresses that Ethereum keeps for its own contracts.
    private const string Nobody = "0x0000000000000000000000000000000000000001";
    private static readonly WalletAddress s_nobody = WalletAddress.TryParse(Nobody, out var address)
        ? address
        : throw new FormatException(Nobody);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(Task.Run(RunAsync, cancellationToken), Task.Delay(Limit, time, cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync()
    {
        try
        {
            for (var i = 0; i < 5; i++)
            {
                await reader.FindAsync(s_nobody);
                var features = await database.RunAsync(
                    connection => WalletActivity.ReadAsync(connection, s_nobody),
                    DatabaseDefaults.ReadLimit
                );
                var now = time.GetUtcNow().UtcDateTime;
                ScoreJson.Of(ScoreAnswer.After(previous: null, s_nobody, Scorecard.Assess(features), now));
            }
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            // The requests that come will say so.
        }
    }
}
