using Microsoft.AspNetCore.Http;

namespace NeuroCred.ServiceDefaults.Requests;

/// <summary>
/// Marks a request that came through the gateway: it carries a header that the gateway always sets and no client can take away. A client
/// that calls an instance directly can add one, and then sees less.
/// </summary>
internal static class GatewayRequest
{
    private static readonly object s_key = new();

    /// <summary>To be called before the forwarded headers are consumed.</summary>
    public static void Mark(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey("X-Forwarded-For"))
        {
            context.Items[s_key] = s_key;
        }
    }

    public static bool IsMarked(HttpContext context) => context.Items.ContainsKey(s_key);
}
