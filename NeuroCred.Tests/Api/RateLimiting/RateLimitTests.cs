using System.Net.Http.Json;
using NeuroCred.Api.RateLimiting;
using static NeuroCred.Tests.Api.RateLimiting.LimitedReplica;

namespace NeuroCred.Tests.Api.RateLimiting;

/// <summary>What one replica, without Redis, lets clients send.</summary>
public sealed class RateLimitTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Every_answer_says_what_the_limit_is_and_what_is_left()
    {
        await using var replica = await StartAsync(new() { Reads = new("reads", 120) });

        using var first = await replica.ReadAsync();
        using var second = await replica.SendAsync("GET", "/api/score/nonsense", "lender");

        Assert.Equal("\"reads\";q=120;w=60", Header(first, "RateLimit-Policy"));
        Assert.Equal("\"reads\";r=119;t=1", Header(first, "RateLimit"));
        Assert.Equal("\"reads\";r=118;t=1", Header(second, "RateLimit"));
    }

    [Fact]
    public async Task Who_sends_too_much_is_told_the_limit_and_when_to_come_again()
    {
        await using var replica = await StartAsync(new() { Scores = new("scores", 4) });
        Assert.Equal(4, await CountAnsweredAsync(4, () => replica.ComputeScoreAsync()));

        using var refused = await replica.ComputeScoreAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(15), refused.Headers.RetryAfter?.Delta);
        Assert.Equal("\"scores\";r=0;t=15", Header(refused, "RateLimit"));
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal("scores", problem.GetProperty("violated-policies")[0].GetString());
        Assert.Contains(
            "The limit 'scores' is 4 requests per minute to this route. Send it again in 15 s.",
            problem.GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(Header(refused, "X-Request-ID"), problem.GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task A_request_sent_when_it_was_told_to_succeeds_and_none_before()
    {
        await using var replica = await StartAsync(new() { Scores = new("scores", 4) });
        await CountAnsweredAsync(4, () => replica.ComputeScoreAsync());
        _time.Advance(TimeSpan.FromSeconds(6.5));
        using var refused = await replica.ComputeScoreAsync();
        Assert.Equal(TimeSpan.FromSeconds(9), refused.Headers.RetryAfter?.Delta);

        _time.Advance(TimeSpan.FromSeconds(8));
        using var early = await replica.ComputeScoreAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        using var inTime = await replica.ComputeScoreAsync();

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (early.StatusCode, inTime.StatusCode));
    }

    [Fact]
    public async Task However_long_a_client_was_silent_it_may_send_one_minutes_worth_at_once_and_no_more()
    {
        await using var replica = await StartAsync(new() { Scores = new("scores", 4) });
        await CountAnsweredAsync(1, () => replica.ComputeScoreAsync());
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(4, await CountAnsweredAsync(8, () => replica.ComputeScoreAsync()));
    }

    [Fact]
    public async Task The_wallet_makes_no_difference_and_another_client_route_or_kind_of_request_does()
    {
        await using var replica = await StartAsync(new() { Reads = new("reads", 1), Writes = new("writes", 1) });
        using var first = await replica.ReadAsync();
        using var otherWallet = await replica.ReadAsync(wallet: Wallet.Replace('a', 'b'));
        using var otherClient = await replica.ReadAsync("another lender");
        using var otherRoute = await replica.SendAsync("GET", $"/api/score/{Wallet}/history", "lender");
        using var write = await replica.SendAsync("POST", $"/api/wallets/{Wallet}/transactions", "lender");

        Assert.Equal(HttpStatusCode.TooManyRequests, otherWallet.StatusCode);
        Assert.All([first, otherClient, otherRoute, write], response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.1", false)]
    [InlineData("203.0.113.1", "203.0.113.2", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", true)]
    public async Task Without_a_key_a_client_is_an_address_or_a_network_of_64_bits(string one, string other, bool answered)
    {
        await using var replica = await StartAsync(new() { AnonymousReads = new("anonymous-reads", 1) });
        using var first = await replica.ReadAsync(client: null, from: one);
        using var second = await replica.ReadAsync(client: null, from: other);

        Assert.Equal("\"anonymous-reads\";r=0;t=60", Header(first, "RateLimit"));
        Assert.Equal(answered ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, second.StatusCode);
    }

    [Fact]
    public async Task A_503_that_the_gateway_sends_again_does_not_count()
    {
        await using var replica = await StartAsync(new() { Reads = new("reads", 2) });

        for (var i = 0; i < 5; i++)
        {
            using var response = await replica.SendAsync("GET", "/api/busy", "lender");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
    }

    [Fact]
    public async Task Who_waited_in_vain_for_a_busy_wallet_counts_although_the_answer_is_503()
    {
        await using var replica = await StartAsync(new() { Reads = new("reads", 2) });
        List<HttpStatusCode> answers = [];

        for (var i = 0; i < 3; i++)
        {
            using var response = await replica.SendAsync("GET", "/api/waited", "lender");
            answers.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests], answers);
    }

    [Fact]
    public async Task A_limit_of_0_is_none_and_health_never_has_one()
    {
        await using var replica = await StartAsync(new() { Reads = new("reads", 0), AnonymousReads = new("anonymous-reads", 1) });
        using var read = await replica.ReadAsync();
        using var health = await replica.SendAsync("GET", "/health", client: null);

        Assert.False(read.Headers.Contains("RateLimit"));
        Assert.False(health.Headers.Contains("RateLimit"));
    }

    private Task<LimitedReplica> StartAsync(RateLimits limits) => LimitedReplica.StartAsync(limits, time: _time);

    internal static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
