namespace NeuroCred.Api.Security;

/// <summary>Who sent a request, as its API key says.</summary>
/// <param name="Name">The client's name.</param>
/// <param name="IdempotencyScope">What its idempotency keys are stored under, so that those of different clients never meet.</param>
internal sealed record ApiClient(string Name, byte[] IdempotencyScope);

internal static class ApiClientExtensions
{
    /// <summary>The client that sent this request; null when it needed no API key and had none.</summary>
    public static ApiClient? GetClient(this HttpContext context) => context.Features.Get<ApiKey>()?.Client;
}
