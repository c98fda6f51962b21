using System.Security.Cryptography;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Where the dashboard listens, and the keys that open it. All of it is plain HTTP on the loopback interface.</summary>
internal sealed record DashboardSettings
{
    /// <summary>Whether there is a dashboard.</summary>
    internal required bool IsEnabled { get; init; }

    /// <summary>The application's name.</summary>
    internal required string ApplicationName { get; init; }

    /// <summary>The address of its pages. From <c>ASPNETCORE_URLS</c>.</summary>
    internal required string FrontendUrl { get; init; }

    /// <summary>Where it takes telemetry, by OTLP over gRPC. From <c>ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL</c>.</summary>
    internal required string OtlpUrl { get; init; }

    /// <summary>Where the AppHost serves it the resources. From <c>ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL</c>.</summary>
    internal required string ResourceServiceUrl { get; init; }

    /// <summary>What a user logs in with. From <c>ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN</c>, or random.</summary>
    internal required string BrowserToken { get; init; }

    /// <summary>What senders of telemetry identify themselves by.</summary>
    internal string OtlpApiKey { get; } = CreateKey();

    /// <summary>What the dashboard identifies itself to the AppHost by.</summary>
    internal string ResourceServiceApiKey { get; } = CreateKey();

    /// <summary>The address a user opens.</summary>
    internal string LoginUrl => $"{FrontendUrl}/login?t={BrowserToken}";

    internal static DashboardSettings Read(IConfiguration configuration, DistributedApplicationOptions options, string applicationName)
    {
        var ports = new FreePorts();
        return new()
        {
            IsEnabled = !options.DisableDashboard,
            ApplicationName = applicationName,
            FrontendUrl = GetUrl("ASPNETCORE_URLS"),
            OtlpUrl = GetUrl("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"),
            ResourceServiceUrl = GetUrl("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"),
            BrowserToken = configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? CreateKey(),
        };

        // Another application may hold the address; a second one then gets an address of its own.
        string GetUrl(string key)
        {
            var wanted = configuration[key]?.Split(';').FirstOrDefault(u => u.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
            return Uri.TryCreate(wanted, UriKind.Absolute, out var uri) && uri.Port != 0 && FreePorts.IsFree(uri.Port)
                ? wanted.TrimEnd('/')
                : $"http://localhost:{ports.Next()}";
        }
    }

    private static string CreateKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
