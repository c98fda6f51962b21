using Microsoft.AspNetCore.Diagnostics;
using NeuroCred.Api.RateLimiting;
using NeuroCred.ServiceDefaults.Errors;

namespace NeuroCred.Api.Wallets;

/// <summary>Answers a write that waited for its wallet in vain: 503, which says that the wallet is busy and when to come back.</summary>
internal sealed class WalletBusyHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not WalletBusyException)
        {
            return false;
        }

        httpContext.CountForLimit();
        await Problems.WriteUnavailableAsync(
            httpContext,
            "Other writes of this wallet are under way",
            "They did not end while this request waited, and nothing was stored for it. Send it again: every request is safe to resend."
        );
        return true;
    }
}
