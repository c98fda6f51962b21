using System.Security.Cryptography;
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
                var nobody = ChooseAddress();
                await reader.FindAsync(nobody);
                var features = await database.RunAsync(
                    connection => WalletActivity.ReadAsync(connection, nobody),
                    DatabaseDefaults.ReadLimit
                );
                var now = time.GetUtcNow().UtcDateTime;
                ScoreJson.Of(ScoreAnswer.After(previous: null, nobody, Scorecard.Assess(features), now));
            }
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            // The requests that come will say so.
        }
    }

    // Of no wallet, and another one each time: the cache, which would answer the next time, warms up nothing else.
    private static WalletAddress ChooseAddress()
    {
        var text = $"0x{RandomNumberGenerator.GetHexString(40, lowercase: true)}";
        return WalletAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
    }
}
