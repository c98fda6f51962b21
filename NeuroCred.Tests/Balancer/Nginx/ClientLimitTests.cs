using System.Buffers.Binary;
using System.Net.Security;
using Microsoft.AspNetCore.Http;
using static NeuroCred.Tests.Balancer.Nginx.GatewayErrorTests;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>One client takes the gateway from nobody else, whatever it opens, and however slowly it sends.</summary>
[Collection(MeasuredTests.Name)]
[StartsProcesses]
public sealed class ClientLimitTests
{
    private const int Most = 10_000;
    private const string Greedy = "127.0.0.2";
    private const string Other = "127.0.0.3";
    private const string Key = "X-API-Key: 12345678\r\n";
    private const string SlowBody = $"POST /api/score HTTP/1.1\r\nHost: x\r\n{Key}Content-Length: 100\r\n\r\n";

    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData("headers that do not end", "POST /api/score HTTP/1.1\r\nHost: x\r\nX-", Most, Most)]
    [InlineData("bodies without a key", "POST /api/score HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", Most, 0)]
    [InlineData("bodies with what may be a key", SlowBody, 1000, 300)]
    [InlineData("bodies of health checks", "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", 1000, 300)]
    public async Task Thousands_of_slow_connections_of_one_address_cost_others_nothing(
        string what,
        string begun,
        int connections,
        int unanswered
    )
    {
        // So long that nginx ends none of them by its time while the test runs, however slow the machine.
        await using var gateway = await RunningGateway.StartAsync(
            Answer(200),
            new() { Timeouts = new() { Client = TimeSpan.FromMinutes(5) } }
        );
        var count = Math.Min(connections, SlowClient.ManyConnections);
        using var greedy = new SlowClient(Greedy, gateway.HttpPort, count);
        await greedy.OpenAsync(begun, Cancellation);

        var open = 0;
        await Until.HoldsAsync(
            () => (open = greedy.CountWaiting()) <= Math.Min(unanswered, count),
            TimeSpan.FromMinutes(1),
            () => $"{open} of {count} connections with {what} are without an answer."
        );
        Assert.Equal(Math.Min(unanswered, count), open);
        await AssertOthersAreServedAsync(gateway, TimeSpan.FromSeconds(2));
        await greedy.SendByteAsync(Cancellation);
        await AssertOthersAreServedAsync(gateway, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task WebSockets_count_as_connections_for_as_long_as_they_are_open()
    {
        await using var gateway = await RunningGateway.StartAsync(AcceptWebSocketAsync, Limit(connections: 3));
        var open = Enumerable.Range(0, 3).Select(_ => gateway.Connect(Greedy)).ToList();
        foreach (var connection in open)
        {
            Assert.StartsWith("HTTP/1.1 101 ", await UpgradeAsync(connection), StringComparison.Ordinal);
        }

        using (var refused = gateway.Connect(Greedy))
        {
            var answer = await UpgradeAsync(refused);
            Assert.StartsWith("HTTP/1.1 429 ", answer, StringComparison.Ordinal);
            Assert.Contains("Retry-After: 1\r\n", answer, StringComparison.Ordinal);
        }

        using (var other = gateway.Connect(Other))
        {
            Assert.StartsWith("HTTP/1.1 101 ", await UpgradeAsync(other), StringComparison.Ordinal);
        }

        open[0].Dispose();
        await Until.HoldsAsync(
            async () =>
            {
                using var next = gateway.Connect(Greedy);
                return (await UpgradeAsync(next)).StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal);
            },
            TimeSpan.FromMinutes(1),
            () => "A WebSocket that was closed still counts."
        );
        open.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task A_client_with_too_many_requests_under_way_is_told_so_and_no_other_client_is()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200), Limit(connections: 2));
        using var first = await BeginAsync(gateway, SlowBody);
        using var second = await BeginAsync(gateway, SlowBody);
        using var greedy = gateway.CreateClientAt(Greedy);
        using var other = gateway.CreateClientAt(Other);

        using var refused = await greedy.GetAsync("/", Cancellation);
        using var served = await other.GetAsync("/", Cancellation);

        await AssertProblemAsync(refused, 429, retryAfter: true);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.1", 429)]
    [InlineData("203.0.113.1", "203.0.113.2", 200)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", 429)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 200)]
    [InlineData(null, null, 200)]
    public async Task Behind_a_trusted_proxy_its_clients_are_limited_and_not_the_proxy(string? slow, string? asking, int status)
    {
        await using var gateway = await RunningGateway.StartAsync(
            Answer(200),
            Limit(connections: 2) with
            {
                TrustedNetworks = ["127.0.0.0/8"],
            }
        );
        using var first = await BeginAsync(gateway, Forwarded(slow));
        using var second = await BeginAsync(gateway, Forwarded(slow));
        using var proxy = gateway.CreateClientAt(Greedy);
        if (asking is not null)
        {
            proxy.DefaultRequestHeaders.Add("X-Forwarded-For", asking);
        }

        using var response = await proxy.GetAsync("/", Cancellation);

        Assert.Equal(status, (int)response.StatusCode);

        static string Forwarded(string? client) =>
            client is null ? SlowBody : SlowBody.Replace(Key, $"{Key}X-Forwarded-For: {client}\r\n", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_without_a_key_are_refused_before_their_body()
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));

        // All at once: nginx takes two seconds to end each connection.
        (string Method, string Path, string Key)[] writes =
        [
            ("POST", "/api/score", ""),
            ("POST", "/API/score", ""),
            ("POST", "/%61pi/score", ""),
            ("PUT", "/api/score", ""),
            ("PATCH", "/api", ""),
            ("DELETE", "/api/score", ""),
            ("POST", "/api/score", "X-API-Key:\r\n"),
            ("POST", "/api/score", "X-API-Key: 1234567\r\n"),
            ("POST", "/api/score", "X-API-Key: pässword\r\n"),
        ];
        await Task.WhenAll(
            writes.Select((write, i) => AssertRefusedAsync(gateway, $"{write.Method} {write.Path}", write.Key, $"keyless-{i}"))
        );

        Assert.Empty(gateway.Requests);
    }

    [Theory]
    [InlineData("POST", "/api/score", "12345678")]
    [InlineData("POST", "/api/score", "a b c d e f")]
    [InlineData("PUT", "/api/score", "~!@#$%^&*()\"'\\{}[]|;:<>,./?`-_=+")]
    [InlineData("GET", "/api/score/0x0", null)]
    [InlineData("OPTIONS", "/api/score", null)]
    [InlineData("POST", "/apiary", null)]
    public async Task What_a_replica_could_accept_reaches_one(string method, string path, string? key)
    {
        await using var gateway = await RunningGateway.StartAsync(Answer(200));
        using var connection = gateway.Connect();

        await connection.SendAsync(
            $"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: "
                + $"close\r\n{(key is null ? "" : $"X-API-Key: {key}\r\n")}\r\n"
        );

        Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(key, Assert.Single(gateway.Requests).Headers.GetValueOrDefault("X-API-Key"));
    }

    [Fact]
    public async Task Ten_thousand_streams_that_are_reset_at_once_cost_others_nothing()
    {
        await using var gateway = await RunningGateway.StartAsync(async context =>
        {
            await Task.Delay(10, context.RequestAborted);
            await Answer(200)(context);
        });

        var attack = Task.Run(
            async () =>
            {
                for (var i = 0; i < 10; i++)
                {
                    Assert.InRange(await ResetStreamsAsync(gateway), 1, 1000);
                }
            },
            Cancellation
        );
        await AssertOthersAreServedAsync(gateway, TimeSpan.FromSeconds(2));
        await attack.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await AssertOthersAreServedAsync(gateway, TimeSpan.FromSeconds(1));
    }

    private static async Task AssertRefusedAsync(RunningGateway gateway, string request, string key, string requestId)
    {
        using var connection = gateway.Connect();
        await connection.SendAsync($"{request} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nX-Request-ID: {requestId}\r\n{key}\r\n");
        var asked = Stopwatch.GetTimestamp();
        var header = await connection.ReadHeaderAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, s_slowest);
        Assert.StartsWith("HTTP/1.1 401 ", header, StringComparison.Ordinal);

        // As the replicas say it.
        Assert.Contains("Content-Type: application/problem+json\r\n", header, StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate: ApiKey\r\n", header, StringComparison.Ordinal);
        Assert.Contains($"X-Request-ID: {requestId}\r\n", header, StringComparison.Ordinal);

        // The connection ends, although its client goes on to be slow.
        var problem = header + await connection.ReadToEndAsync();
        var what = key.Length > 12 ? "not a valid key" : "missing";
        Assert.Contains(
            $"\"title\":\"Unauthorized\",\"status\":401,\"detail\":\"The header X-API-Key is {what}. Send the API key of this "
                + "service in it.\"",
            problem,
            StringComparison.Ordinal
        );
    }

    private static BalancingPolicy Limit(int connections) => new() { Limits = new() { ConnectionsPerClient = connections } };

    private static async Task AcceptWebSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.ReceiveAsync(new byte[1], context.RequestAborted);
    }

    private static async Task<string> UpgradeAsync(RawConnection connection)
    {
        await connection.SendAsync(
            "GET /live HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
                + "13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        return await connection.ReadHeaderAsync();
    }

    // nginx says "go on" once the request counts.
    private static async Task<RawConnection> BeginAsync(RunningGateway gateway, string request)
    {
        var connection = gateway.Connect(Greedy);
        await connection.SendAsync(request.Replace(Key, $"{Key}Expect: 100-continue\r\n", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 100 ", await connection.ReadHeaderAsync(), StringComparison.Ordinal);
        return connection;
    }

    private static async Task AssertOthersAreServedAsync(RunningGateway gateway, TimeSpan time)
    {
        using var http = gateway.CreateClientAt(Other);
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < time)
        {
            var asked = Stopwatch.GetTimestamp();
            using var response = await http.GetAsync("/", Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, s_slowest);
            await Task.Delay(20, Cancellation);
        }
    }

    // Opens streams with a GET each and resets them (RFC 9113), until nginx says GOAWAY. Returns how many it took.
    private static async Task<int> ResetStreamsAsync(RunningGateway gateway)
    {
        using var connection = new RawConnection(gateway.HttpsPort, Greedy);
        await using var tls = new SslStream(connection.Stream, leaveInnerStreamOpen: false, gateway.Accepts);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] },
            Cancellation
        );
        await tls.WriteAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(type: 4, flags: 0, stream: 0, [])], Cancellation);
        var end = ReadLastStreamAsync(tls);
        // GET https://localhost/, by numbers of HPACK's static table and one literal.
        byte[] get = [0x82, 0x87, 0x84, 0x41, 9, .. "localhost"u8];
        try
        {
            for (var stream = 1; !end.IsCompleted && stream < 20_000; stream += 2)
            {
                await tls.WriteAsync(
                    (byte[])[.. Frame(type: 1, flags: 5, stream, get), .. Frame(type: 3, flags: 0, stream, [0, 0, 0, 8])],
                    Cancellation
                );
            }
        }
        catch (IOException)
        {
            // It has said so, and closed the connection.
        }

        return (await end.WaitAsync(s_slowest, Cancellation) + 1) / 2;
    }

    private static async Task<int> ReadLastStreamAsync(SslStream tls)
    {
        var head = new byte[9];
        while (true)
        {
            await tls.ReadExactlyAsync(head, Cancellation);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
            await tls.ReadExactlyAsync(payload, Cancellation);
            if (head[3] == 7)
            {
                return BinaryPrimitives.ReadInt32BigEndian(payload);
            }
        }
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }
}
