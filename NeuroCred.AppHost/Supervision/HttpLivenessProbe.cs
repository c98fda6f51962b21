using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Supervision;

/// <summary>Asks by HTTP, on a connection of its own each time: one that is kept would tell nothing of those that clients make now.</summary>
internal sealed class HttpLivenessProbe : ILivenessProbe, IDisposable
{
    /// <summary>
    /// How late a probe may learn that there was no answer. One that learns it later was not running in time to receive an answer either:
    /// the AppHost was suspended, or starved.
    /// </summary>
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _client;
    private readonly string _replica;
    private readonly Uri _address;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a probe of a replica.</summary>
    /// <param name="replica">The replica's name.</param>
    /// <param name="address">Its address.</param>
    /// <param name="policy">What to ask, and how long to wait.</param>
    /// <param name="timeProvider">The clock.</param>
    internal HttpLivenessProbe(string replica, Uri address, ProbePolicy policy, TimeProvider timeProvider)
        : this(
            new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, ConnectTimeout = policy.Timeout, AllowAutoRedirect = false, UseProxy = false, UseCookies = false },
            replica,
            address,
            policy,
            timeProvider)
    {
    }

    internal HttpLivenessProbe(HttpMessageHandler handler, string replica, Uri address, ProbePolicy policy, TimeProvider timeProvider)
    {
        _client = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        (_replica, _address, _timeout, _timeProvider) = (replica, new(address, policy.Path), policy.Timeout, timeProvider);
    }

    public async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _timeProvider);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var asked = _timeProvider.GetTimestamp();
        var result = await AskAsync(ending.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return result.Outcome == ProbeOutcome.Missed && _timeProvider.GetElapsedTime(asked) > _timeout + s_tolerance
            ? new(ProbeOutcome.Void)
            : result;
    }

    public void Dispose() => _client.Dispose();

    private async Task<ProbeResult> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(_address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return ServedBy.FindStranger(response, _replica) is { } stranger
                ? new(ProbeOutcome.Missed, $"does not have its port: {stranger} answered {_address}")
                : response.StatusCode == HttpStatusCode.OK
                ? new(ProbeOutcome.Answered)
                : new(ProbeOutcome.Missed, string.Create(CultureInfo.InvariantCulture, $"answered {_address} with {(int)response.StatusCode}"));
        }
        catch (OperationCanceledException)
        {
            return new(ProbeOutcome.Missed, string.Create(CultureInfo.InvariantCulture, $"did not answer {_address} within {_timeout.TotalSeconds:0.###} s"));
        }
        catch (HttpRequestException e)
        {
            var isRefused = e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            return new(isRefused ? ProbeOutcome.Refused : ProbeOutcome.Missed, $"did not answer {_address} ({e.Message})");
        }
    }
}
