using NeuroCred.AppHost.Topology;

namespace NeuroCred.AppHost.Commands;

/// <summary>
/// Asks a replica, on its management port, to take no more requests, and to take them again: <c>PUT</c> and <c>DELETE /drain</c>.
/// </summary>
internal sealed class ReplicaDrain(IResourceWithEndpoints replica, ParameterResource apiKey)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    // A connection for each call: the replica may be another process by the next one.
    private static readonly HttpClient s_client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false })
    {
        Timeout = s_timeout,
    };

    /// <summary>Has it take no new requests.</summary>
    /// <returns>What went wrong and what to do, or null.</returns>
    internal Task<string?> BeginAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, cancellationToken);

    /// <summary>Has it take requests again.</summary>
    /// <returns>What went wrong and what to do, or null.</returns>
    internal Task<string?> EndAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, cancellationToken);

    private async Task<string?> SendAsync(HttpMethod method, CancellationToken cancellationToken)
    {
        var address = new Uri(new Uri(replica.GetEndpoint(Replica.Management).Url), "/drain");
        try
        {
            using var request = new HttpRequestMessage(method, address);
            // The other way to add it names the value in its exception.
            request.Headers.TryAddWithoutValidation("X-API-Key", await apiKey.GetValueAsync(cancellationToken));
            using var response = await s_client.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? null
                : $"{method} {address} was answered with {(int)response.StatusCode}. Its log says why; if it was told to stop, start "
                    + "it again.";
        }
        catch (HttpRequestException e)
        {
            return $"{method} {address} was not answered ({e.Message}). Wait until it is healthy, and try again.";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{method} {address} was not answered within {s_timeout.TotalSeconds:0} s. If it hangs, resume it first.";
        }
    }
}
