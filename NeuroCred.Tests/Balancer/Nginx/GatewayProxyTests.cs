using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using static NeuroCred.Tests.Balancer.Nginx.GatewayErrorTests;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>How requests reach replicas, and how responses, streams and WebSockets come back.</summary>
[StartsProcesses]
public sealed class GatewayProxyTests
{
    // Less than the streams below are silent.
    private static readonly BalancingPolicy s_shortRead = new() { Timeouts = new() { Read = TimeSpan.FromSeconds(1) } };
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_replica_learns_who_asks_and_how()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-For", "6.6.6.6");
        request.Headers.Add("X-Forwarded-Proto", "gopher");

        using var response = await gateway.Https.SendAsync(request, Cancellation);

        var headers = Assert.Single(gateway.Requests).Headers;
        Assert.Equal("localhost", headers["Host"]);
        Assert.Equal("127.0.0.1", headers["X-Real-IP"]);
        Assert.Equal("6.6.6.6, 127.0.0.1", headers["X-Forwarded-For"]);
        Assert.Equal("https", headers["X-Forwarded-Proto"]);
    }

    [Theory]
    [InlineData("127.0.0.0/8", "203.0.113.9", "https")]
    [InlineData("10.0.0.0/8", "127.0.0.1", "http")]
    public async Task Only_a_trusted_proxy_in_front_is_believed(string trusted, string client, string scheme)
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200), new() { TrustedNetworks = [trusted] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-For", "6.6.6.6, 203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        var headers = Assert.Single(gateway.Requests).Headers;
        Assert.Equal(client, headers["X-Real-IP"]);
        Assert.EndsWith(client, headers["X-Forwarded-For"], StringComparison.Ordinal);
        Assert.Equal(scheme, headers["X-Forwarded-Proto"]);
    }

    [Theory]
    [InlineData("my-id.1", true)]
    [InlineData("with space", false)]
    [InlineData("\"}{\"", false)]
    [InlineData(null, false)]
    public async Task A_request_keeps_its_id_where_it_is_harmless_and_gets_one_elsewhere(string? given, bool kept)
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("X-Request-ID", given);

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        var id = Assert.Single(gateway.Requests).Headers["X-Request-ID"];
        Assert.Matches(kept ? $"^{Regex.Escape(given!)}$" : "^[0-9a-f]{32}$", id);
        Assert.Equal(id, (await gateway.FindLogAsync(id)).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", true)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false)]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false)]
    [InlineData("nonsense", false)]
    public async Task A_request_begins_a_trace_under_its_own_id_unless_the_client_has_begun_one(string? given, bool kept)
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("traceparent", given);
        request.Headers.TryAddWithoutValidation("tracestate", "vendor=1");

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        var headers = Assert.Single(gateway.Requests).Headers;
        var id = headers["X-Request-ID"];
        Assert.Equal(kept ? given : $"00-{id}-{id[..16]}-01", headers["traceparent"]);
        Assert.Equal(kept ? "vendor=1" : null, headers.GetValueOrDefault("tracestate"));
    }

    [Fact]
    public async Task The_log_has_one_line_for_a_request_with_all_its_attempts()
    {
        await using var gateway = await RunningGateway.StartAsync(null, Answer(503), Answer(503), Answer(200));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/score?a=%22b%22")
        {
            Headers = { { "X-Request-ID", "attempts-1" } },
            Content = new StringContent("{}"),
        };

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        var line = await gateway.FindLogAsync("attempts-1");
        Assert.Equal(
            ("POST", "/api/score?a=%22b%22", 200),
            (line.GetProperty("method").GetString(), line.GetProperty("uri").GetString(), line.GetProperty("status").GetInt32())
        );
        var attempts = line.GetProperty("attempts");
        var statuses = attempts.GetProperty("status").GetString()!.Split(", ");
        Assert.Equal("200", statuses[^1]);
        foreach (var list in (string[])["upstream", "connect", "header", "response"])
        {
            Assert.Equal(statuses.Length, attempts.GetProperty(list).GetString()!.Split(", ").Length);
        }

        Assert.EndsWith($":{gateway.Replicas[2].Port}", attempts.GetProperty("upstream").GetString(), StringComparison.Ordinal);
    }

    // RunningGateway has a certificate made anyway; the policy says whose it is.
    private static readonly TlsPolicy s_yours = new()
    {
        Certificate = "cert.pem",
        CertificateKey = "key.pem",
        HstsMaxAge = TimeSpan.FromDays(1),
    };

    [Fact]
    public async Task A_development_certificate_makes_no_browser_insist_on_HTTPS()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200), new() { Tls = new() { HstsMaxAge = TimeSpan.FromDays(1) } });

        using var secure = await gateway.Https.GetAsync("/", Cancellation);

        Assert.False(secure.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task HTTPS_speaks_HTTP_2_and_tells_browsers_to_stay_where_asked()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200), new() { Tls = s_yours });

        using var secure = await gateway.Https.GetAsync("/", Cancellation);
        using var plain = await gateway.Http.GetAsync("/", Cancellation);

        Assert.Equal(HttpVersion.Version20, secure.Version);
        Assert.Equal("max-age=86400", secure.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.False(plain.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Plain_HTTP_is_sent_to_HTTPS_when_asked_with_its_method_and_query()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200), new() { Tls = new() { RedirectHttp = true } });

        using var response = await gateway.Http.PostAsync("/api/score?x=1", new StringContent("{}"), Cancellation);
        using var health = await gateway.Http.GetAsync("/nginx-health", Cancellation);

        Assert.Equal(HttpStatusCode.PermanentRedirect, response.StatusCode);
        Assert.Equal($"https://127.0.0.1:{gateway.HttpsPort}/api/score?x=1", response.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Plain_HTTP_on_the_port_for_HTTPS_is_told_so()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));
        using var client = new HttpClient();

        using var response = await client.GetAsync($"http://127.0.0.1:{gateway.HttpsPort}/", Cancellation);

        await AssertProblemAsync(response, 400);
    }

    [Theory]
    [InlineData("ws", 0)]
    [InlineData("wss", 0)]
    [InlineData("ws", 503)]
    public async Task A_WebSocket_is_passed_through_and_may_be_silent_for_longer_than_a_response(string scheme, int othersAnswer)
    {
        var other = othersAnswer == 0 ? EchoAsync : Answer(othersAnswer);
        await using var gateway = await RunningGateway.StartAsync(s_shortRead, other, other, EchoAsync);
        using var socket = new ClientWebSocket { Options = { RemoteCertificateValidationCallback = gateway.Accepts } };

        await socket.ConnectAsync(
            new($"{scheme}://127.0.0.1:{(scheme == "ws" ? gateway.HttpPort : gateway.HttpsPort)}/live"),
            Cancellation
        );
        var reading = socket.ReceiveAsync(new byte[16], Cancellation);
        Assert.NotSame(reading, await Task.WhenAny(reading, Task.Delay(s_silence, Cancellation)));
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancellation);

        Assert.Equal(5, (await reading.WaitAsync(TimeSpan.FromMinutes(1), Cancellation)).Count);
    }

    [Fact]
    public async Task A_WebSocket_that_no_replica_can_take_is_refused_with_a_problem()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(502));
        using var connection = gateway.Connect();

        await connection.SendAsync(
            "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade, close\r\nSec-WebSocket-Version: "
                + "13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );

        var answer = await connection.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_sent_events_arrive_one_by_one_with_long_silence_between()
    {
        var next = new TaskCompletionSource();
        await using var gateway = await RunningGateway.StartAsync(
            async context =>
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: 1\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await next.Task;
                await context.Response.WriteAsync("data: 2\n\n", context.RequestAborted);
            },
            s_shortRead
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events") { Headers = { { "Accept", "text/event-stream" } } };

        using var response = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal("data: 1", await reader.ReadLineAsync(Cancellation));
        Assert.Equal("", await reader.ReadLineAsync(Cancellation));
        var second = reader.ReadLineAsync(Cancellation).AsTask();
        Assert.NotSame(second, await Task.WhenAny(second, Task.Delay(s_silence, Cancellation)));
        next.SetResult();

        Assert.Equal("data: 2", await second.WaitAsync(TimeSpan.FromMinutes(1), Cancellation));
    }

    [Fact]
    public async Task With_ip_hash_a_client_stays_with_its_replica_and_moves_when_that_is_gone()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200), new() { Algorithm = BalancingAlgorithm.IpHash });
        var first = await AskManyAsync(gateway, cookie: null);
        var replica = Assert.Single(first);

        await gateway.Replicas.Single(r => r.Name == replica).DisposeAsync();

        Assert.DoesNotContain(replica, await AskManyAsync(gateway, cookie: null));
    }

    [Fact]
    public async Task With_cookie_hash_each_client_gets_a_cookie_and_stays_with_its_replica()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200), new() { Algorithm = BalancingAlgorithm.CookieHash });
        using var welcome = await gateway.Https.GetAsync("/", Cancellation);

        var cookie = welcome.Headers.GetValues("Set-Cookie").Single();
        Assert.Matches("^neurocred_affinity=[0-9a-f]{32}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure$", cookie);
        var own = welcome.Headers.GetValues("X-Served-By").Single();
        Assert.Equal([own], await AskManyAsync(gateway, cookie.Split(';')[0]));

        // Many clients are spread over all replicas.
        var others = new HashSet<string>();
        for (var i = 0; i < 60; i++)
        {
            others.UnionWith(await AskManyAsync(gateway, $"neurocred_affinity=client-{i}", times: 1));
        }

        Assert.Equal(3, others.Count);
    }

    private static async Task<HashSet<string>> AskManyAsync(RunningGateway gateway, string? cookie, int times = 20)
    {
        var replicas = new HashSet<string>();
        for (var i = 0; i < times; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
            using var response = await gateway.Http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("Set-Cookie"));
            replicas.Add(response.Headers.GetValues("X-Served-By").Single());
        }

        return replicas;
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
        {
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        }
    }
}
