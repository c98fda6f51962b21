using System.Net.Sockets;
using NeuroCred.Balancer.Policy;
using NeuroCred.Monitor.Configuration;

namespace NeuroCred.Monitor.Probes;

/// <summary>Probes a replica's health, on a new connection each time: a reused one does not show whether new ones are accepted.</summary>
internal sealed class HealthProbe(MonitoredReplica replica, ProbePolicy policy, TimeProvider time) : IDisposable
{
    private const int LargestAnswer = 64 * 1024;

    /// <summary>
    /// How late a timeout may be. Later, the monitor itself was suspended or got no processor, and could not receive an answer.
    /// </summary>
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMilliseconds(250);

    private readonly Uri _address = new(replica.Url, policy.Path);
    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.Zero,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    /// <summary>Asks once.</summary>
    public async Task<ProbeResult> AskAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(policy.Timeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var asked = time.GetTimestamp();
        var result = await AskAsync(asked, ending.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return result.Outcome == ProbeOutcome.Timeout && result.Latency > policy.Timeout + s_tolerance
            ? result with
            {
                Outcome = ProbeOutcome.Void,
            }
            : result;
    }

    public void Dispose() => _client.Dispose();

    private async Task<ProbeResult> AskAsync(long asked, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(_address, cancellationToken);
            if (!replica.IsDiscovered && ServedBy.FindStranger(response, replica.Name) is { } stranger)
            {
                return new(ProbeOutcome.Stranger, time.GetElapsedTime(asked), $"{stranger} answers on its port");
            }

            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var served = response.Headers.TryGetValues(ServedBy.Header, out var names) && replica.IsDiscovered ? names.First() : null;
            return HealthAnswerReader.Read(response.StatusCode, body, time.GetElapsedTime(asked)) with { ServedBy = served };
        }
        catch (OperationCanceledException)
        {
            return new(ProbeOutcome.Timeout, time.GetElapsedTime(asked), $"no answer within {policy.Timeout.TotalMilliseconds:0} ms");
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return new(ProbeOutcome.Refused, time.GetElapsedTime(asked), "connection refused");
        }
        catch (HttpRequestException e)
        {
            return new(
                ProbeOutcome.Broken,
                time.GetElapsedTime(asked),
                e.InnerException is SocketException s ? s.Message : "the connection ended before an answer, or the answer was none"
            );
        }
    }
}
