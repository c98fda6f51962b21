namespace NeuroCred.Api.Configuration;

internal static class DefaultPort
{
    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports"];

    /// <summary>Listens on the given port of localhost unless an address is configured, by --urls, ASPNETCORE_URLS or any other way.</summary>
    public static void UseDefaultPort(this WebApplicationBuilder builder, int port)
    {
        builder.WebHost.UseKestrelHttpsConfiguration(); // what the slim builder leaves out of an address with https
        var configured = AddressKeys.Any(key => !string.IsNullOrWhiteSpace(builder.Configuration[key]))
            || builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
        if (!configured)
        {
            builder.WebHost.UseUrls($"http://localhost:{port}");
        }
    }
}
