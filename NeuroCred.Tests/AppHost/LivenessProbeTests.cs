using System.Net.Sockets;
using System.Text;
using NeuroCred.AppHost.Supervision;

namespace NeuroCred.Tests.AppHost;

/// <summary>The probes, by the other ways a server may behave than to answer well: the system tests have real ones.</summary>
public sealed class LivenessProbeTests : IDisposable
{
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_ample = TimeSpan.FromMinutes(2);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public LivenessProbeTests() => _server.Start();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("http", "did not answer http://127.0.0.1:")]
    [InlineData("redis", "did not answer PING on a new connection")]
    [InlineData("postgres", "did not answer SELECT 1 on a new connection within 1 s")]
    public async Task A_server_that_accepts_and_says_nothing_is_missed(string server, string reason)
    {
        var clock = new FakeTimeProvider();
        var probing = ProbeAsync(server, s_short, time: clock);
        using var asking = await _server.AcceptTcpClientAsync(Cancellation);
        clock.Advance(s_short);
        var result = await probing;

        Assert.Equal(LivenessOutcome.Missed, result.Outcome);
        Assert.StartsWith(reason, result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task A_closed_port_is_told_from_silence(string server) =>
        Assert.Equal(LivenessOutcome.Refused, (await ProbeAsync(server, s_ample, LocalPort.FindFree())).Outcome);

    [Theory]
    [InlineData("redis", "-LOADING Redis is loading the dataset in memory\r\n")]
    [InlineData("redis", "-WRONGPASS invalid username-password pair or user is disabled.\r\n")]
    [InlineData("postgres", "57P03")]
    [InlineData("postgres", "53300")]
    [InlineData("postgres", "28P01")]
    public async Task A_server_that_refuses_with_a_reason_lives(string server, string answer)
    {
        using var end = new CancellationTokenSource();
        var serving = ServeAsync(server == "redis" ? Encoding.ASCII.GetBytes(answer) : PostgresError(answer), end.Token);

        Assert.Equal(LivenessOutcome.Answered, (await ProbeAsync(server, s_ample)).Outcome);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    private int Port => ((IPEndPoint)_server.LocalEndpoint).Port;

    private async Task<LivenessResult> ProbeAsync(string server, TimeSpan timeout, int? port = null, TimeProvider? time = null)
    {
        var at = port ?? Port;
        time ??= TimeProvider.System;
        ILivenessProbe probe = server switch
        {
            "redis" => new RedisLivenessProbe(_ => new($"127.0.0.1:{at},password=secret"), timeout, time),
            "postgres" => new PostgresLivenessProbe(
                _ => new($"Host=127.0.0.1;Port={at};Username=postgres;Password=secret;SSL Mode=Disable"),
                timeout,
                time
            ),
            _ => new HttpLivenessProbe(replica: "api-1", new($"http://127.0.0.1:{at}/health"), timeout, time),
        };
        using var disposable = probe as IDisposable;
        return await probe.ProbeAsync(Cancellation);
    }

    /// <summary>Answers whatever it is asked with the same, until it is cancelled: Npgsql asks twice, on two connections.</summary>
    private async Task ServeAsync(byte[] answer, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = await _server.AcceptTcpClientAsync(cancellationToken);
            var stream = client.GetStream();
            if (await stream.ReadAsync(new byte[4096], cancellationToken) > 0)
            {
                await stream.WriteAsync(answer, cancellationToken);
            }
        }
    }

    // ErrorResponse: 'E', the length, fields of a letter and a text that ends with 0, and a last 0.
    private static byte[] PostgresError(string code)
    {
        var fields = Encoding.ASCII.GetBytes($"SFATAL\0VFATAL\0C{code}\0Mno\0\0");
        return [(byte)'E', 0, 0, 0, (byte)(fields.Length + 4), .. fields];
    }
}
