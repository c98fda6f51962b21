using System.Net.Sockets;
using NeuroCred.Balancer.Policy;
using NeuroCred.Monitor.Configuration;

namespace NeuroCred.Monitor.Probes;

/// <summary>Probes a replica's health, on a new connection each time: a reused one does not show whether new ones are accepted.</summary>
internal sealed class HealthProbe : IDisposable
{
    private const int LargestAnswer = 64 * 1024;

    /// <summary>
    /// How late a timeout may be. Later, the monitor itself was suspended or got no processor, and could not receive an answer.
    /// </summary>
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _client;
    private readonly MonitoredReplica _replica;
    private readonly Uri _address;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    /// <summary>Creates a probe.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="policy">What to ask, and how long to wait.</param>
    /// <param name="time">The clock.</param>
    public HealthProbe(MonitoredReplica replica, ProbePolicy policy, TimeProvider time)
    {
        _client = new(
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
        (_replica, _address, _timeout, _time) = (replica, new(replica.Url, policy.Path), policy.Timeout, time);
    }

    /// <summary>Asks once.</summary>
    public async Task<ProbeResult> AskAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var asked = _time.GetTimestamp();
        var result = await AskAsync(asked, ending.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return result.Outcome == ProbeOutcome.Timeout && result.Latency > _timeout + s_tolerance
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
            using var response = await _client.GetAsync(_address, cancellationToken).ConfigureAwait(false);
            if (!_replica.IsDiscovered && ServedBy.FindStranger(response, _replica.Name) is { } stranger)
            {
                return new(ProbeOutcome.Stranger, _time.GetElapsedTime(asked), $"{stranger} answers on its port");
            }

            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            var served = response.Headers.TryGetValues(ServedBy.Header, out var names) && _replica.IsDiscovered ? names.First() : null;
            return HealthAnswerReader.Read(response.StatusCode, body, _time.GetElapsedTime(asked)) with { ServedBy = served };
        }
        catch (OperationCanceledException)
        {
            return new(ProbeOutcome.Timeout, _time.GetElapsedTime(asked), $"no answer within {_timeout.TotalMilliseconds:0} ms");
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return new(ProbeOutcome.Refused, _time.GetElapsedTime(asked), "connection refused");
        }
        catch (HttpRequestException e)
        {
            return new(
                ProbeOutcome.Broken,
                _time.GetElapsedTime(asked),
                e.InnerException is SocketException s ? s.Message : "the connection ended before an answer, or the answer was none"
            );
        }
    }
}
