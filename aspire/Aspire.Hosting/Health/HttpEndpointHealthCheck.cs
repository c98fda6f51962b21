using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>Asks an HTTP endpoint of a resource.</summary>
internal sealed class HttpEndpointHealthCheck(IResourceWithEndpoints resource, string? endpointName, string path, int statusCode) : IHealthCheck
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    // Connections are not kept: a check must not hold one to a replica that is being stopped.
    private static readonly HttpClient s_client = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.Zero,
        AllowAutoRedirect = false,
        UseProxy = false,
    })
    {
        Timeout = s_timeout,
    };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var endpoint = endpointName is null
            ? resource.GetEndpoints().FirstOrDefault(e => e.IsHttp || e.IsHttps)
            : resource.GetEndpoint(endpointName);
        if (endpoint is not { IsAllocated: true })
        {
            return HealthCheckResult.Unhealthy($"The endpoint '{endpointName ?? "http"}' has no address.");
        }

        var uri = new Uri(new Uri(endpoint.Url), path);
        try
        {
            using var response = await s_client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return (int)response.StatusCode == statusCode
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{uri} answered {(int)response.StatusCode}; {statusCode} was expected.");
        }
        catch (HttpRequestException e)
        {
            return HealthCheckResult.Unhealthy($"{uri} did not answer: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"{uri} did not answer within {s_timeout.TotalSeconds:0} s.");
        }
    }
}
