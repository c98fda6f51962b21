using Microsoft.AspNetCore.Http;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>
/// Sends a GET or HEAD that got no response to another destination. YARP itself resends nothing; its maintainers suggest a middleware
/// like this for requests that are safe (https://github.com/dotnet/yarp/issues/56). A body would have to be buffered first.
/// </summary>
internal static class SafeResend
{
    private const int Tries = 3;

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var proxy = context.GetReverseProxyFeature();
        var destinations = proxy.AvailableDestinations;
        for (var attempt = 1; ; attempt++)
        {
            await next(context);
            if (
                attempt == Tries
                || context.GetForwarderErrorFeature() is null
                || context.Response.HasStarted
                || context.RequestAborted.IsCancellationRequested
                || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            )
            {
                return;
            }

            destinations = [.. destinations.Where(d => d != proxy.ProxiedDestination)];
            if (destinations.Count == 0)
            {
                return;
            }

            proxy.AvailableDestinations = destinations;
            context.Features.Set<Yarp.ReverseProxy.Forwarder.IForwarderErrorFeature>(null);
            context.Response.Clear();
        }
    }
}
