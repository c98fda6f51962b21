using System.Text;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Wallets;
using Npgsql;
using StackExchange.Redis;

namespace NeuroCred.Tests.Api.Scores;

/// <summary>What clients read of a wallet's scores.</summary>
[StartsProcesses]
public sealed class ScoreReadsTests(RunningReplica replica) : IClassFixture<RunningReplica>
{
    private readonly string _wallet = Workload.AddressOf(Guid.NewGuid().ToString());

    [Fact]
    public async Task A_score_says_which_of_its_wallets_it_is_why_it_changed_and_by_which_scorecard_and_a_replay_says_the_same()
    {
        var first = await replica.ComputeScoreAsync(_wallet, $"{_wallet} first");
        var second = await replica.ComputeScoreAsync(_wallet);

        Assert.Equal((1, "initial_score", "1"), Describe(JsonElement.Parse(first)));
        Assert.Equal((2, "score_recalculation", "1"), Describe(JsonElement.Parse(second)));
        Assert.Equal(first, await replica.ComputeScoreAsync(_wallet, $"{_wallet} first"));
        Assert.Equal(second, (await replica.GetAsync($"/api/score/{_wallet}")).ToString());
        Assert.Equal(second, (await replica.GetAsync($"/api/score/{_wallet}")).ToString());

        static (int, string?, string?) Describe(JsonElement score) =>
            (score.GetProperty("sequence").GetInt32(), score.GetProperty("reason").GetString(), score.GetProperty("scorecard").GetString());
    }

    [Theory]
    [InlineData("\"2\"", true)]
    [InlineData("W/\"2\"", true)]
    [InlineData("\"1\", \"2\"", true)]
    [InlineData("*", true)]
    [InlineData("\"1\"", false)]
    [InlineData("2", false)]
    [InlineData("", false)]
    public async Task Who_has_the_current_score_gets_no_body_again(string known, bool unchanged)
    {
        await replica.ComputeScoreAsync(_wallet);
        await replica.ComputeScoreAsync(_wallet);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var response = await replica.SendAsync(method, $"/api/score/{_wallet}", ("If-None-Match", known));

            Assert.Equal(unchanged ? HttpStatusCode.NotModified : HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("\"2\"", response.Headers.ETag?.ToString());
            Assert.True(response.Headers.CacheControl is { Private: true, NoCache: true });
            Assert.Equal(unchanged || method == HttpMethod.Head, await response.Content.ReadAsStringAsync(Cancellation) == "");
        }
    }

    [Theory]
    [InlineData("/api/score/{0}")]
    [InlineData("/api/score/{0}/history")]
    [InlineData("/api/score/{0}/history?before=5")]
    [InlineData("/api/score/{0}/trends")]
    [InlineData("/api/lending/ltv/{0}")]
    public async Task A_wallet_without_a_score_is_not_found_and_one_with_a_wrong_checksum_is_refused_with_the_right_one(string path)
    {
        using var missing = await replica.SendAsync(HttpMethod.Get, string.Format(path, _wallet), ("If-None-Match", "*"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("POST /api/score", (await RunningReplica.ReadProblemAsync(missing)).ToString(), StringComparison.Ordinal);

        using var wrong = await replica.SendAsync(HttpMethod.Get, string.Format(path, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains(
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            (await RunningReplica.ReadProblemAsync(wrong)).GetProperty("errors").GetProperty("address")[0].GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/api/score/{0}")]
    [InlineData("/api/score/{0}/history")]
    [InlineData("/api/score/{0}/trends")]
    [InlineData("/api/lending/ltv/{0}")]
    [InlineData("/docs")]
    [InlineData("/openapi/v1.json")]
    public async Task HEAD_has_the_headers_of_GET_and_no_body(string path)
    {
        await replica.ComputeScoreAsync(_wallet);
        using var get = await replica.SendAsync(HttpMethod.Get, string.Format(path, _wallet));
        using var head = await replica.SendAsync(HttpMethod.Head, string.Format(path, _wallet));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (get.StatusCode, head.StatusCode));
        Assert.Equal(
            get.Headers.Select(h => h.Key).Where(name => name != "Transfer-Encoding").Order(), // of the body
            head.Headers.Select(h => h.Key).Order()
        );
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task A_score_without_a_key_is_refused_by_the_headers_name_and_a_key_of_another_wallets_score_too()
    {
        using var missing = await PostAsync("/api/score", $$"""{"address":"{{_wallet}}"}""", key: null);
        Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        Assert.Contains(
            "is missing",
            (await RunningReplica.ReadProblemAsync(missing)).GetProperty("errors").GetProperty("Idempotency-Key")[0].GetString(),
            StringComparison.Ordinal
        );

        await replica.ComputeScoreAsync(_wallet, _wallet);
        using var other = await PostAsync("/api/score", $$"""{"address":"{{Workload.AddressOf("another")}}"}""", _wallet);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Contains("another wallet", (await RunningReplica.ReadProblemAsync(other)).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/api/score", """{"address":"0x","adress":1}""", "adress", "address")]
    [InlineData("POST", "/api/wallets/{0}/transactions", """{"transaction":[]}""", "transaction", "transactions")]
    [InlineData("PUT", "/api/wallets/{0}/staking", """{"tier":1,"level":2}""", "level", "tier")]
    public async Task A_field_that_is_not_known_is_refused_by_its_name_with_the_one_that_is(
        string method,
        string path,
        string body,
        string field,
        string known
    )
    {
        using var response = await SendBodyAsync(new(method), string.Format(path, _wallet), body, _wallet);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            $$"""{"{{field}}":["is not known; must be one of {{known}}. Correct its name, or leave it out."]}""",
            (await RunningReplica.ReadProblemAsync(response)).GetProperty("errors").ToString()
        );
    }

    [Theory]
    [InlineData("/api/score", """{"address":"0x","\ud800":1}""")]
    [InlineData("/api/score", """{"address":{"\ud800":1}}""")]
    [InlineData("/api/wallets/{0}/transactions", """{"transactions":[{"\ud800":1}]}""")]
    public async Task A_name_that_is_no_text_is_a_bad_request(string path, string body)
    {
        using var response = await PostAsync(string.Format(path, _wallet), body, _wallet);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await RunningReplica.ReadProblemAsync(response);
    }

    [Fact]
    public async Task A_body_of_more_than_1_MiB_is_refused_by_the_replica_itself_with_the_limit()
    {
        using var response = await PostAsync("/api/score", new string(' ', 1024 * 1024 + 1), _wallet);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains(
            "1048576 bytes",
            (await RunningReplica.ReadProblemAsync(response)).GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body, string? key) => SendBodyAsync(HttpMethod.Post, path, body, key);

    private async Task<HttpResponseMessage> SendBodyAsync(HttpMethod method, string path, string body, string? key)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-API-Key", Workload.ApiKey);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", $"\"{key}\"");
        }

        return await replica.Client.SendAsync(request, Cancellation);
    }

    [Fact]
    public async Task The_history_is_read_page_by_page_and_a_score_that_is_added_meanwhile_moves_nothing()
    {
        List<string> computed = [];
        for (var i = 0; i < 5; i++)
        {
            computed.Insert(0, await replica.ComputeScoreAsync(_wallet));
        }

        List<string> read = [];
        var pages = 0;
        for (var next = $"/api/score/{_wallet}/history?limit=2"; next is not null; pages++)
        {
            using var response = await replica.SendAsync(HttpMethod.Get, next);
            var page = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
            read.AddRange(page.GetProperty("scores").EnumerateArray().Select(score => score.ToString()));
            next = response.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
            Assert.Equal(next?.Split("before=")[1], page.TryGetProperty("next", out var before) ? before.GetInt64().ToString() : null);
            await replica.ComputeScoreAsync(_wallet);
        }

        Assert.Equal(computed, read);
        Assert.Equal(3, pages);
        Assert.Empty((await replica.GetAsync($"/api/score/{_wallet}/history?before=1")).GetProperty("scores").EnumerateArray());
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("101", "-1")]
    [InlineData("x", "x")]
    [InlineData("", "")]
    [InlineData("1&limit=2", "99999999999999999999")]
    public async Task A_page_that_is_none_is_refused_with_each_parameter(string limit, string before)
    {
        using var response = await replica.SendAsync(HttpMethod.Get, $"/api/score/{_wallet}/history?limit={limit}&before={before}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            ["before", "limit"],
            (await RunningReplica.ReadProblemAsync(response)).GetProperty("errors").EnumerateObject().Select(e => e.Name).Order()
        );
    }

    [Fact]
    public async Task A_trend_compares_with_the_score_of_thirty_days_ago_and_counts_what_was_current_since()
    {
        await AddAsPreviousVersionAsync((200, 400), (40, 900), (31, 500), (10, 700), (1, 650));

        Assert.Equal(
            $$"""{"address":"{{Checksum(_wallet)}}","currentScore":650,"change30Days":150,"changePercent":30,"direction":"up","average":616.7,"highest":700,"lowest":500,"scorecard":"1"}""",
            (await replica.GetAsync($"/api/score/{_wallet}/trends")).ToString()
        );
    }

    [Fact]
    public async Task A_wallet_whose_first_score_is_younger_is_compared_with_that_and_one_that_is_quiet_is_stable()
    {
        await AddAsPreviousVersionAsync((20, 800), (3, 600));
        var younger = await replica.GetAsync($"/api/score/{_wallet}/trends");
        Assert.Equal((-200, "down"), (younger.GetProperty("change30Days").GetInt32(), younger.GetProperty("direction").GetString()));

        var quiet = Workload.AddressOf($"quiet {_wallet}");
        await AddAsPreviousVersionAsync(quiet, (90, 700), (60, 600));
        Assert.Equal(
            $$"""{"address":"{{Checksum(quiet)}}","currentScore":600,"change30Days":0,"changePercent":0,"direction":"stable","average":600,"highest":600,"lowest":600,"scorecard":"1"}""",
            (await replica.GetAsync($"/api/score/{quiet}/trends")).ToString()
        );
    }

    [Fact]
    public async Task A_trend_reads_few_of_many_scores()
    {
        await replica.Postgres.RunAsync(
            $"""
            INSERT INTO score_history
                (address, score, base_score, risk_band, explanation, staking_boost, staking_tier, computed_at, sequence)
            SELECT '{_wallet}', i % 1001, 0, 0, '[]', 0, 0, now() - (20000 - i) * interval '1 minute', i FROM generate_series(1, 20000) AS i
            """
        );
        await replica.Postgres.RunAsync("ANALYZE score_history");

        Assert.True(WalletAddress.TryParse(_wallet, out var address));
        var query = ScoreTrend.Query(address, DateTime.UtcNow);
        await using var connection = new NpgsqlConnection(replica.Postgres.ConnectionString);
        await connection.OpenAsync(Cancellation);
        query.CommandText = "EXPLAIN " + query.CommandText;
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { query } };
        await using var reader = await batch.ExecuteReaderAsync(Cancellation);
        List<string> plan = [];
        while (await reader.ReadAsync(Cancellation))
        {
            plan.Add(reader.GetString(0));
        }

        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Sort", StringComparison.Ordinal));
        Assert.Equal(20000 % 1001, (await replica.GetAsync($"/api/score/{_wallet}/trends")).GetProperty("currentScore").GetInt32());
    }

    [Fact]
    public async Task What_may_be_lent_follows_from_the_current_score()
    {
        await AddAsPreviousVersionAsync((1, 650));

        Assert.Equal(
            $$"""{"address":"{{Checksum(_wallet)}}","ltvBps":5000,"ltvPercent":50,"riskBand":2,"score":650,"scorecard":"1"}""",
            (await replica.GetAsync($"/api/lending/ltv/{_wallet}")).ToString()
        );
    }

    [Fact]
    public async Task What_a_replica_of_the_previous_version_cached_is_not_answered_and_is_replaced()
    {
        var score = await replica.ComputeScoreAsync(_wallet);
        await using var redis = await replica.ConnectToRedisAsync();
        var run = (await redis.GetServers().Single().InfoRawAsync("server"))!.Split("run_id:")[1].Split('\r')[0];
        RedisKey key = $"neurocred:score:0:{_wallet}";
        await redis.GetDatabase().StringSetAsync(key, run + $$"""{"address":"{{Checksum(_wallet)}}","score":500}""");

        using var first = await replica.SendAsync(HttpMethod.Get, $"/api/score/{_wallet}");
        Assert.Equal(["MISS"], first.Headers.GetValues("X-Cache"));
        Assert.Equal(score, await first.Content.ReadAsStringAsync(Cancellation));

        // A busy replica answers before it has filled the cache.
        await Until.HoldsAsync(
            async () =>
            {
                using var next = await replica.SendAsync(HttpMethod.Get, $"/api/score/{_wallet}");
                Assert.Equal(score, await next.Content.ReadAsStringAsync(Cancellation));
                return next.Headers.GetValues("X-Cache").Single() == "HIT";
            },
            TimeSpan.FromMinutes(2),
            () => "The score is not in the cache."
        );
        Assert.Equal(run + score, await redis.GetDatabase().StringGetAsync(key));
    }

    [Theory]
    [InlineData("GET", "/api/scores", HttpStatusCode.NotFound, "Check the path")]
    [InlineData("OPTIONS", "/api/scores", HttpStatusCode.NotFound, "Check the path")]
    [InlineData("DELETE", "/api/score", HttpStatusCode.MethodNotAllowed, "POST")]
    [InlineData("POST", "/api/lending/ltv/x", HttpStatusCode.MethodNotAllowed, "GET, HEAD")]
    public async Task Another_path_or_method_is_a_problem_that_says_what_there_is(
        string method,
        string path,
        HttpStatusCode status,
        string words
    )
    {
        using var response = await replica.SendAsync(new(method), path);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(
            words,
            (await RunningReplica.ReadProblemAsync(response)).GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/api/score", "POST, OPTIONS")]
    [InlineData("/api/score/x/history", "GET, HEAD, OPTIONS")]
    [InlineData("/api/lending/ltv/x", "GET, HEAD, OPTIONS")]
    public async Task OPTIONS_answers_what_a_path_takes(string path, string allow)
    {
        using var response = await replica.SendAsync(HttpMethod.Options, path);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
    }

    [Fact]
    public async Task A_browser_may_send_what_the_configured_origin_asks_for_and_needs_no_key_to_learn_it()
    {
        (string, string)[] preflight =
        [
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "x-api-key,idempotency-key,content-type"),
        ];
        using var allowed = await replica.SendAsync(HttpMethod.Options, "/api/score", [("Origin", RunningReplica.Origin), .. preflight]);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal([RunningReplica.Origin], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Contains("X-API-Key", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);

        using var other = await replica.SendAsync(HttpMethod.Options, "/api/score", [("Origin", "https://other.example"), .. preflight]);
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_script_of_the_configured_origin_reads_answers_and_errors_with_their_headers()
    {
        await replica.ComputeScoreAsync(_wallet);
        using var score = await replica.SendAsync(HttpMethod.Get, $"/api/score/{_wallet}", ("Origin", RunningReplica.Origin));
        Assert.Equal([RunningReplica.Origin], score.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Contains("ETag", score.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);

        using var refused = await replica.SendAsync(HttpMethod.Post, "/api/score", ("Origin", RunningReplica.Origin));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal([RunningReplica.Origin], refused.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    private static string Checksum(string wallet) => WalletAddress.TryParse(wallet, out var address) ? address.ToString() : wallet;

    private Task AddAsPreviousVersionAsync(params (int DaysAgo, int Score)[] scores) => AddAsPreviousVersionAsync(_wallet, scores);

    private async Task AddAsPreviousVersionAsync(string wallet, params (int DaysAgo, int Score)[] scores)
    {
        foreach (var (daysAgo, score) in scores)
        {
            await replica.Postgres.RunAsync(
                $"""
                INSERT INTO score_history (address, score, base_score, risk_band, explanation, staking_boost, staking_tier, computed_at)
                VALUES ('{wallet}', {score}, 0, 2, '[]', 0, 0, now() - {daysAgo} * interval '1 day')
                """
            );
        }
    }
}
