using System.Net;
using System.Net.Sockets;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Supervision;

/// <summary>Asks by HTTP.</summary>
internal sealed class HttpLivenessProbe : TimedProbe, IDisposable
{
    private readonly HttpClient _client;
    private readonly string? _replica;
    private readonly Uri _address;

    /// <summary>Creates a probe.</summary>
    /// <param name="replica">The replica that has to answer; null when the answer does not say whose it is.</param>
    /// <param name="address">What is asked.</param>
    /// <param name="timeout">How long an answer may take.</param>
    /// <param name="timeProvider">The clock.</param>
    internal HttpLivenessProbe(string? replica, Uri address, TimeSpan timeout, TimeProvider timeProvider)
        : this(
            new SocketsHttpHandler
            {
                PooledConnectionLifetime = TimeSpan.Zero,
                ConnectTimeout = timeout,
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
            },
            replica,
            address,
            timeout,
            timeProvider
        ) { }

    internal HttpLivenessProbe(HttpMessageHandler handler, string? replica, Uri address, TimeSpan timeout, TimeProvider timeProvider)
        : base(address.ToString(), timeout, timeProvider)
    {
        _client = new(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        (_replica, _address) = (replica, address);
    }

    public void Dispose() => _client.Dispose();

    protected override async Task<LivenessResult> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(_address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return _replica is not null && ServedBy.FindStranger(response, _replica) is { } stranger
                    ? new(LivenessOutcome.Missed, $"does not have its port: {stranger} answered {Question}")
                : response.StatusCode == HttpStatusCode.OK ? new(LivenessOutcome.Answered)
                : new(LivenessOutcome.Missed, $"answered {Question} with {(int)response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            var isRefused = e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            return new(isRefused ? LivenessOutcome.Refused : LivenessOutcome.Missed, $"did not answer {Question} ({e.Message})");
        }
    }
}
