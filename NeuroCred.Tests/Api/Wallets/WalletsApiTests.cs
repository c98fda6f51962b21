using System.Net.Http.Json;
using System.Text;
using CliWrap;
using NeuroCred.Tests.Api.Postgres;

namespace NeuroCred.Tests.Api.Wallets;

/// <summary>What clients are told about wallets, by one replica.</summary>
[StartsProcesses]
public sealed class WalletsApiTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task A_transaction_that_is_stored_with_other_values_is_named_in_a_409_that_says_what_is_stored()
    {
        await using var replica = await ApiProgram.StartAsync("api-1", postgres.ConnectionString);
        var path = $"/api/wallets/{Workload.AddressOf("other values")}/transactions";
        string Body(params (string Name, string Value)[] transactions) =>
            $$"""{"transactions":[{{string.Join(',', transactions.Select(t =>
                $$"""{"hash":"{{Workload.HashOf(t.Name)}}","timestamp":"2025-03-01T12:00:00Z","valueUsd":{{t.Value}},"token":"USDC"}"""))}}]}""";
        await AssertAsync(HttpStatusCode.OK, await SendAsync(replica, HttpMethod.Post, path, Body(("a", "12.50"), ("b", "3"))));

        using var refused = await SendAsync(replica, HttpMethod.Post, path, Body(("new", "1"), ("b", "3.0"), ("a", "13")));
        var problem = await AssertAsync(HttpStatusCode.Conflict, refused);

        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            """{"transactions[2].hash":["is stored for this wallet with valueUsd 12.5 (sent: 13)."]}""",
            problem.GetProperty("errors").GetRawText()
        );
        var again = await AssertAsync(HttpStatusCode.OK, await SendAsync(replica, HttpMethod.Post, path, Body(("new", "1"), ("b", "3"))));
        Assert.Equal("""{"accepted":1,"duplicates":1}""", again.GetRawText());
        Assert.Equal(
            3L,
            await postgres.RunAsync(
                $"SELECT count(*) FROM wallet_transactions WHERE address = '{Workload.AddressOf("other values")}' AND client = 'default'"
            )
        );
    }

    [Fact]
    public async Task A_staking_tier_counts_in_the_next_score_and_can_be_read()
    {
        await using var replica = await ApiProgram.StartAsync("api-1", postgres.ConnectionString);
        using var client = new GatewayClient(replica.Address);
        var wallet = Workload.AddressOf("staking");
        var path = $"/api/wallets/{wallet}/staking";
        await GatewayClient.ReadAsync(await client.SendTransactionsAsync(wallet, GatewayClient.Transaction("staking", 1)));
        Assert.Equal("""{"tier":0}""", (await GatewayClient.ReadAsync(await client.GetAsync(path))).GetRawText());

        foreach (var (tier, boost, band) in ((int, int, int)[])[(1, 50, 2), (2, 150, 1), (3, 300, 1), (0, 0, 2)])
        {
            await AssertAsync(HttpStatusCode.OK, await SendAsync(replica, HttpMethod.Put, path, $$"""{"tier":{{tier}}}"""));
            await AssertAsync(HttpStatusCode.OK, await SendAsync(replica, HttpMethod.Put, path, $$"""{"tier":{{tier}}}"""));
            var score = await GatewayClient.ReadAsync(await client.ComputeScoreAsync(wallet, $"staking {tier}"));

            Assert.Equal(
                (tier, boost, band),
                (
                    score.GetProperty("stakingTier").GetInt32(),
                    score.GetProperty("stakingBoost").GetInt32(),
                    score.GetProperty("riskBand").GetInt32()
                )
            );
            Assert.Equal(tier, (await GatewayClient.ReadAsync(await client.GetAsync(path))).GetProperty("tier").GetInt32());
        }

        using var head = await SendAsync(replica, HttpMethod.Head, path, null);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("default", await postgres.RunAsync($"SELECT client FROM wallet_staking WHERE address = '{wallet}'"));
        foreach (var bad in (string[])["{\"tier\":4}", "{\"tier\":-1}", "{\"tier\":\"1\"}", "{\"tier\":1.5}", "{\"tier\":null}", "{}"])
        {
            var problem = await AssertAsync(HttpStatusCode.BadRequest, await SendAsync(replica, HttpMethod.Put, path, bad));
            Assert.Contains("from 0 to 3", problem.GetProperty("errors").GetProperty("tier")[0].GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_transaction_older_than_is_kept_is_refused_with_its_field_and_the_reason()
    {
        await using var replica = await ApiProgram.StartAsync(
            "api-1",
            postgres.ConnectionString,
            new Dictionary<string, string> { ["Retention:TransactionDays"] = "30" }
        );

        var problem = await AssertAsync(
            HttpStatusCode.BadRequest,
            await SendAsync(
                replica,
                HttpMethod.Post,
                $"/api/wallets/{Workload.AddressOf("old")}/transactions",
                $$"""
                {"transactions":[{"hash":"{{Workload.HashOf("old")}}","timestamp":"2025-03-01T12:00:00Z","valueUsd":1,"token":"USDC"}]}
                """
            )
        );

        Assert.Contains(
            $"a time since {DateTime.UtcNow.Date.AddDays(-30):yyyy-MM-dd}T00:00:00Z: older transactions are not kept",
            problem.GetProperty("errors").GetProperty("transactions[0].timestamp")[0].GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("aggregates check", 0, "The daily activity is what the transactions say.")]
    [InlineData("aggregates", 2, "Use 'aggregates check' to compare, or 'aggregates repair' to correct too.")]
    [InlineData("migrate all", 2, "'migrate' takes no further argument, but got 'all'.")]
    [InlineData("nonsense", 2, "Unknown verb 'nonsense'. Use 'migrate' to bring the schema up to date, 'aggregates' to ")]
    public async Task A_verb_tells_what_it_did_or_how_it_is_used(string words, int code, string told)
    {
        await using var process = new ChildProcess(
            Cli.Wrap("dotnet")
                .WithArguments([BuiltProgram.PathOf("NeuroCred.Api"), .. words.Split(' ')])
                .WithEnvironmentVariables(set => set.Set("ConnectionStrings__neurocred", postgres.ConnectionString))
        );

        Assert.Equal(code, await process.WaitForEndAsync(Cancellation));
        Assert.Contains(told, process.Output, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(ProgramProcess replica, HttpMethod method, string path, string? body)
    {
        using var http = new HttpClient { BaseAddress = replica.Address };
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-API-Key", Workload.ApiKey);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await http.SendAsync(request, Cancellation);
    }

    private static async Task<JsonElement> AssertAsync(HttpStatusCode status, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {body}");
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }
}
