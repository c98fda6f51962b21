namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>A system that runs in containers: clients for it, and what its database says of their writes.</summary>
/// <param name="gateway">Where clients call.</param>
/// <param name="find">Finds the containers of a service that run.</param>
/// <param name="output">The test's report.</param>
internal sealed class DeployedSystem(Uri gateway, Func<string, Task<IReadOnlyList<string>>> find, ITestOutputHelper output)
{
    /// <summary>What two processors serve beside a replica that starts, with the clients on the same machine.</summary>
    public const int LowRate = 25;

    private const int Rate = 50;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(180);

    /// <summary>Waits until a number of replicas have answered writes, and each has compiled what they need.</summary>
    public async Task WaitUntilServingAsync(int replicas)
    {
        using var http = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(15) };
        var workload = new Workload($"warm {Guid.NewGuid():N}", Workload.AddressOf("nobody"));
        var served = new Dictionary<string, int>();
        var waited = Stopwatch.StartNew();
        for (var i = 0; served.Count(replica => replica.Value >= 20) < replicas; i++)
        {
            Assert.True(waited.Elapsed < s_deadline, $"After {s_deadline.TotalSeconds} s these had answered: {string.Join(", ", served)}.");
            try
            {
                using var request = workload.NextWrite(i).CreateRequest();
                using var response = await http.SendAsync(request, Cancellation);
                if (response.IsSuccessStatusCode)
                {
                    var replica = response.Headers.GetValues("X-Served-By").First();
                    served[replica] = served.GetValueOrDefault(replica) + 1;
                    continue;
                }
            }
            catch (HttpRequestException)
            {
                // Nobody listens yet.
            }

            await Task.Delay(200, Cancellation);
        }
    }

    /// <summary>Has clients call at a fixed rate while something happens, and asserts that none of them noticed.</summary>
    /// <param name="name">What happens, for the report.</param>
    /// <param name="happen">Makes it happen, and returns when it is over.</param>
    /// <param name="rate">Requests per second.</param>
    /// <returns>What came of each request.</returns>
    public async Task<IReadOnlyList<Outcome>> AssertUnnoticedAsync(string name, Func<Task> happen, int rate = Rate)
    {
        var seed = $"{name} {Guid.NewGuid():N}";
        var wallet = await Workload.CreateScoredWalletAsync(gateway, seed, Cancellation);
        using var client = new OpenLoopClient(gateway, Connections.KeepAlive, rate, new Workload(seed, wallet).Next);
        var started = Stopwatch.GetTimestamp();
        var outcomes = await client.RunWhileAsync(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
            await happen();
            await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        });
        await ReportAsync(name, Stopwatch.GetElapsedTime(started), outcomes);
        Assert.DoesNotContain(outcomes, o => o.Failed);
        await AssertStoredOnceAsync(outcomes);
        return outcomes;
    }

    private async Task ReportAsync(string name, TimeSpan took, IReadOnlyList<Outcome> outcomes)
    {
        output.WriteLine(
            $"{name}: {took.TotalSeconds:0.0} s, {Distribution.Describe(outcomes)}; {outcomes.Count(o => o.WasResent)} writes "
                + "recognised as sent again; "
                + string.Join(", ", outcomes.Where(o => o.Replica is not null).CountBy(o => o.Replica!).Select(r => $"{r.Key} {r.Value}"))
        );
        if (!outcomes.Any(o => o.Failed))
        {
            return;
        }

        var log = (await Task.WhenAll((await find("gateway")).Select(gateway => DockerEngine.ListAsync("logs", gateway))))
            .SelectMany(lines => lines)
            .ToList();
        foreach (var failure in outcomes.Where(o => o.Failed).OrderBy(o => o.Due).Take(40))
        {
            output.WriteLine($"  {failure.ToString().Trim()}");
            output.WriteLine(
                $"    {log.FirstOrDefault(line => failure.RequestId is { } id && line.Contains(id, StringComparison.Ordinal)) ?? "(not in the gateway's log)"}"
            );
        }
    }

    // Asked inside the container: from outside there is no way to it.
    private async Task AssertStoredOnceAsync(IReadOnlyList<Outcome> outcomes)
    {
        await AssertStoredOnceAsync(outcomes, Workload.Transactions, "SELECT hash FROM wallet_transactions");
        await AssertStoredOnceAsync(outcomes, Workload.Score, "SELECT address FROM score_history");
    }

    private async Task AssertStoredOnceAsync(IReadOnlyList<Outcome> outcomes, string kind, string sql)
    {
        var stored = (
            await DockerEngine.ListAsync("exec", Assert.Single(await find("postgres")), "psql", "-U", "neurocred", "-At", "-c", sql)
        )
            .CountBy(row => row)
            .ToDictionary();
        Outcome[] writes = [.. outcomes.Where(o => o.Item.Kind == kind)];
        Assert.NotEmpty(writes);
        Assert.DoesNotContain(writes, o => !o.Failed && !stored.ContainsKey(o.Item.Subject));
        Assert.DoesNotContain(writes, o => stored.GetValueOrDefault(o.Item.Subject) > 1);
    }
}
