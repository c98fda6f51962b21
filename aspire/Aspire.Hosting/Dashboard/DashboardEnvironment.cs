namespace Aspire.Hosting.Dashboard;

/// <summary>How the dashboard is told where to listen, whom to let in, and where the AppHost is.</summary>
internal static class DashboardEnvironment
{
    internal static IReadOnlyDictionary<string, string> Create(DashboardSettings settings) => new Dictionary<string, string>
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ASPNETCORE_URLS"] = settings.FrontendUrl,
        ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = settings.OtlpUrl,
        ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = settings.ResourceServiceUrl,
        ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        ["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true",
        ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
        ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = settings.BrowserToken,
        ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = settings.OtlpApiKey,
        ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = settings.ResourceServiceApiKey,

        // It gives away what the pages show, so it asks for the same secret; the other keys are known to every resource.
        ["DASHBOARD__API__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__API__PRIMARYAPIKEY"] = settings.BrowserToken,

        // A browser that looks on would hold it for 30 s when it is told to stop.
        ["DOTNET_SHUTDOWNTIMEOUTSECONDS"] = "1",

        // Whoever it talks to is on this machine; a proxy would not find the way back.
        ["no_proxy"] = "localhost,127.0.0.1,[::1]",

        // One line per entry, for DashboardLog to read.
        ["LOGGING__CONSOLE__FORMATTERNAME"] = "json",
    };
}
