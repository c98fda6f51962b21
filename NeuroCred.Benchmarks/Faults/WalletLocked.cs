using NeuroCred.Benchmarks.UnderTest;
using Npgsql;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>
/// Somebody holds the lock of one wallet's scores in Postgres, while many clients compute scores of that wallet. Counted are the requests
/// of the usual clients, for other wallets.
/// </summary>
internal sealed class WalletLocked(SystemUnderTest system, TimeSpan time) : FaultRun(system)
{
    /// <summary>How many compute scores of that wallet, one after the other.</summary>
    public const int Clients = 40;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly string s_wallet = Workload.AddressOf("locked");

    public override async Task StrikeAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(await System.GetConnectionStringAsync(cancellationToken));
        await using var session = await source.OpenConnectionAsync(cancellationToken);
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock(2, hashtext('{s_wallet}'))", session);
        await take.ExecuteNonQueryAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = Gateway, Timeout = OpenLoopClient.RequestTimeout };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(time);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ComputeAsync(http, stop.Token)));
    }

    private static async Task ComputeAsync(HttpClient http, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var request = Workload.PostScore(s_wallet, $"{Guid.NewGuid()}");
            try
            {
                using var response = await http.SendAsync(request, stop);
                if (response.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException(
                        "A score of the locked wallet was computed: this is not the lock that scores take."
                    );
                }

                await Task.Delay(s_pause, stop);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // The wallet is busy; the next one follows either way.
            }
        }
    }
}
