using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace Aspire.Hosting.Dashboard;

/// <summary>Lets only callers in that know the key. Anyone on the machine can reach the port, and could run commands.</summary>
internal static class ApiKeyGate
{
    internal const string Header = "x-resource-service-api-key";

    internal static void UseApiKey(this IApplicationBuilder application, string key)
    {
        var expected = Encoding.UTF8.GetBytes(key);
        application.Use((context, next) =>
        {
            if (context.Request.Headers[Header] is [{ } given] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected))
            {
                return next(context);
            }

            // How gRPC refuses: 200, with the status where the trailers would be.
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = ((int)StatusCode.Unauthenticated).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = $"The header {Header} is missing or wrong.";
            return Task.CompletedTask;
        });
    }
}
