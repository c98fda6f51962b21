using static NeuroCred.Tests.Balancer.Nginx.GatewayErrorTests;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>Clients that send too much, too slowly, or two requests in one: none of it reaches a replica.</summary>
[StartsProcesses]
public sealed class GatewayAbuseTests
{
    private static readonly BalancingPolicy s_impatient = new()
    {
        Timeouts = new() { Client = TimeSpan.FromSeconds(1) },
        Limits = new() { MaxBodySize = 10_000 },
    };

    [Theory]
    [InlineData("both lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX")]
    [InlineData("two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nContent-Length: 5\r\n\r\nabcdef")]
    [InlineData("a list of lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6, 6\r\n\r\nabcdef")]
    [InlineData("a signed length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +6\r\n\r\nabcdef")]
    [InlineData("an unknown coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("two codings", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n")]
    [InlineData("a blank before the colon", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("a bad chunk size", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n")]
    [InlineData("two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")]
    [InlineData("no host", "GET / HTTP/1.1\r\n\r\n")]
    [InlineData("a control character", "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("CONNECT", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    public async Task A_request_that_two_servers_could_read_differently_is_refused(string what, string request)
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));
        using var connection = gateway.Connect();

        await connection.SendAsync(request);

        var answer = await connection.ReadToEndAsync();
        Assert.True(
            answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal)
                || answer.StartsWith("HTTP/1.1 405 ", StringComparison.Ordinal)
                || answer.StartsWith("HTTP/1.1 501 ", StringComparison.Ordinal),
            $"{what}: {answer}"
        );
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task A_request_hidden_in_the_body_of_another_stays_a_body()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));
        using var connection = gateway.Connect();
        const string hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

        await connection.SendAsync(
            $"POST /open HTTP/1.1\r\nHost: x\r\nContent-Length: {hidden.Length}\r\nConnection: close\r\n\r\n{hidden}"
        );

        Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("/open", Assert.Single(gateway.Requests).Path);
    }

    [Theory]
    [InlineData("h2c", "Upgrade, HTTP2-Settings")]
    [InlineData("websocket, h2c", "upgrade")]
    public async Task A_protocol_that_would_carry_requests_past_the_rules_is_not_passed_on(string upgrade, string connectionHeader)
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));
        using var connection = gateway.Connect();

        await connection.SendAsync(
            $"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: {upgrade}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: "
                + $"{connectionHeader}\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        );

        Assert.DoesNotContain(" 101 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.All(gateway.Requests, request => Assert.DoesNotContain("Upgrade", request.Headers.Keys));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_body_that_is_too_large_is_refused(bool ofUnknownLength, bool http2)
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200), new() { Limits = s_impatient.Limits });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new ByteArrayContent(new byte[10_001]) { Headers = { ContentLength = ofUnknownLength ? null : 10_001 } },
            Headers = { TransferEncodingChunked = ofUnknownLength && !http2 },
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await (http2 ? gateway.Https : gateway.Http).SendAsync(request, Cancellation);

        await AssertProblemAsync(response, 413);
        Assert.Empty(gateway.Requests);
    }

    [Theory]
    [InlineData("one large header", 1, 9_000)]
    [InlineData("many headers", 5_000, 50)]
    public async Task A_flood_of_headers_is_refused(string what, int count, int size)
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        for (var i = 0; i < count; i++)
        {
            request.Headers.Add($"X-{i}", new string('a', size));
        }

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, what);
        await AssertProblemAsync(response, 400);
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task A_target_that_is_too_long_is_refused()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));

        using var response = await gateway.Http.GetAsync($"/{new string('a', 9_000)}", Cancellation);

        await AssertProblemAsync(response, 414);
    }

    [Theory]
    [InlineData("its header", "GET / HTTP/1.1\r\nHost: x\r\n")]
    [InlineData("its body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")]
    public async Task A_client_that_stops_in_the_middle_is_let_go_and_holds_no_replica(string what, string begun)
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200), s_impatient);
        using var slow = gateway.Connect();
        await slow.SendAsync(begun);

        using var other = await gateway.Http.GetAsync("/", Cancellation);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        // The end of the connection, within the deadline of reading.
        var answer = await slow.ReadToEndAsync();
        Assert.True(answer is "" || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), $"{what}: {answer}");
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_so_and_its_health_checks_are_not_counted()
    {
        await using var gateway = await RunningGateway.StartAsync(
            Answer(200),
            new()
            {
                Limits = new() { RequestsPerSecond = 1, Burst = 2 },
            }
        );
        var begun = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.Http.GetAsync("/", Cancellation)));

        var refused = answers.Where(answer => answer.StatusCode != HttpStatusCode.OK).ToList();
        Assert.InRange(answers.Length - refused.Count, 3, 4 + (int)Stopwatch.GetElapsedTime(begun).TotalSeconds);
        await AssertProblemAsync(refused[0], 429, retryAfter: true);
        using var health = await gateway.Http.GetAsync("/health", Cancellation);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Array.ForEach(answers, answer => answer.Dispose());
    }
}
