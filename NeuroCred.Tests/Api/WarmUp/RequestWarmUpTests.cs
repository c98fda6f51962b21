using System.Net.Sockets;
using NeuroCred.Monitor.Scraping;
using NeuroCred.Tests.Api.Postgres;
using NeuroCred.Tests.Telemetry;
using Npgsql;

namespace NeuroCred.Tests.Api.WarmUp;

/// <summary>What a replica does before clients can reach it, in a second at most.</summary>
[Collection(MeasuredTests.Name)]
[StartsProcesses]
public sealed class RequestWarmUpTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static readonly string[] s_written = ["wallet_transactions", "wallet_daily_activity", "score_history", "idempotency_keys"];
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_starting_replica_writes_into_every_table_that_a_score_needs_and_rolls_it_all_back()
    {
        await using var replica = await StartWarmAsync(postgres.ConnectionString);

        Assert.DoesNotContain("warm-up", replica.Output, StringComparison.Ordinal); // where it says that it ended early
        foreach (var table in s_written)
        {
            await Until.HoldsAsync(
                async () => await postgres.RunAsync($"SELECT n_tup_ins > 0 FROM pg_stat_user_tables WHERE relname = '{table}'") is true,
                s_patience,
                () => $"Nothing was written into {table}."
            );
            Assert.Equal(0L, await postgres.RunAsync($"SELECT count(*) FROM {table}"));
        }
    }

    [Fact]
    public async Task The_requests_of_the_warm_up_are_no_requests_of_clients()
    {
        await using var replica = await StartWarmAsync(postgres.ConnectionString);
        using var http = new HttpClient { BaseAddress = replica.Address };
        http.DefaultRequestHeaders.Add("X-API-Key", Workload.ApiKey);

        using var first = await http.GetAsync($"/api/score/{Workload.AddressOf("nobody")}", Cancellation);

        Assert.Equal("\"reads\";r=5999;t=1", first.Headers.GetValues("RateLimit").Single());
        const string Requests = "http_server_request_duration_seconds_count";
        IReadOnlyList<MetricSample> metrics = [];
        await Until.HoldsAsync(
            async () =>
                (metrics = await MetricsPage.ScrapeAsync(replica.ManagementAddress)).Sum(Requests, ("http_route", "/api/score/{address}"))
                == 1,
            s_patience,
            () => "The one request of a client is not counted as one."
        );
        Assert.Null(metrics.Sum(Requests, ("http_request_method", "POST")));
        Assert.All(
            ["neurocred_scores_total", "neurocred_scores_computed_total", "neurocred_transactions_total"],
            counter => Assert.Null(metrics.Sum(counter))
        );
        Assert.Null(metrics.Sum("http_client_request_duration_seconds_count"));
    }

    [Fact]
    public async Task The_warm_up_waits_until_it_is_known_which_of_several_servers_is_the_primary()
    {
        var both = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Host = "127.0.0.1,127.0.0.1" }.ConnectionString;

        await using var replica = await StartWarmAsync(both);

        Assert.DoesNotContain("warm-up", replica.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_listens_although_its_Postgres_never_answers()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;

        await using var replica = await ApiProgram.StartUnreadyAsync(
            "api-1",
            $"Host=127.0.0.1;Port={port};Username=u;Password=p;Database=d"
        );

        using var http = new HttpClient { BaseAddress = replica.Address };
        using var alive = await http.GetAsync("/health", Cancellation);
        using var ready = await http.GetAsync("/health/ready", Cancellation);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("The warm-up ended early", replica.Output, StringComparison.Ordinal);
    }

    // On a busy machine the time of the warm-up passes before it is done, which is as it should be; then another replica is started.
    private static async Task<ProgramProcess> StartWarmAsync(string database)
    {
        for (var started = Stopwatch.StartNew(); ; )
        {
            var replica = await ApiProgram.StartAsync("api-1", database);
            if (!replica.Output.Contains("s have passed", StringComparison.Ordinal) || started.Elapsed > s_patience)
            {
                return replica;
            }

            await replica.DisposeAsync();
        }
    }
}
