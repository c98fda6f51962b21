using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using StackExchange.Redis;

namespace NeuroCred.AppHost.Supervision;

/// <summary>
/// Asks Redis for an answer to <c>PING</c>, whichever: a refusal (data that is being loaded, a password that is missing) is none of a
/// server that hangs, and a restart would help nobody. StackExchange.Redis does not tell a refusal from silence.
/// </summary>
internal sealed class RedisLivenessProbe(
    Func<CancellationToken, ValueTask<string?>> getConnectionString,
    TimeSpan timeout,
    TimeProvider timeProvider
) : TimedProbe("PING on a new connection", timeout, timeProvider)
{
    protected override async Task<LivenessResult> AskAsync(CancellationToken cancellationToken)
    {
        var settings = ConfigurationOptions.Parse((await getConnectionString(cancellationToken))!);
        try
        {
            using var client = new TcpClient();
            var host = await ConnectAsync(client, settings.EndPoints[0], cancellationToken);
            await using var stream = settings.Ssl
                ? await EncryptAsync(client.GetStream(), settings.SslHost ?? host, cancellationToken)
                : client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            return await stream.ReadAsync(new byte[1], cancellationToken) == 1
                ? new(LivenessOutcome.Answered)
                : new(LivenessOutcome.Missed, $"closed the connection instead of answering {Question}");
        }
        catch (SocketException e)
        {
            return new(
                e.SocketErrorCode == SocketError.ConnectionRefused ? LivenessOutcome.Refused : LivenessOutcome.Missed,
                $"did not answer {Question} ({e.Message})"
            );
        }
        catch (IOException e)
        {
            return new(LivenessOutcome.Missed, $"did not answer {Question} ({e.Message})");
        }
    }

    private static async Task<string> ConnectAsync(TcpClient client, EndPoint endpoint, CancellationToken cancellationToken)
    {
        var (host, port) = endpoint switch
        {
            DnsEndPoint name => (name.Host, name.Port),
            IPEndPoint address => (address.Address.ToString(), address.Port),
            _ => throw new NotSupportedException($"Redis is reached at {endpoint}, which is no TCP port."),
        };
        await client.ConnectAsync(host, port, cancellationToken);
        return host;
    }

    private static async Task<Stream> EncryptAsync(Stream stream, string host, CancellationToken cancellationToken)
    {
        // Nothing secret is sent, and whether the certificate is trusted is a matter of those who send some.
#pragma warning disable CA5359
        var encrypted = new SslStream(stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellationToken);
        return encrypted;
    }
}
