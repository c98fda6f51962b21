using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace NeuroCred.ServiceDefaults.Configuration;

/// <summary>Where a service listens unless told otherwise.</summary>
public static class DefaultPort
{
    private static readonly string[] s_addressKeys = ["urls", "http_ports", "https_ports"];

    /// <summary>Listens on the given port of localhost unless an address is configured, by --urls, ASPNETCORE_URLS or any other
    /// way.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="port">The port.</param>
    public static void UseDefaultPort(this WebApplicationBuilder builder, int port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WebHost.UseKestrelHttpsConfiguration(); // what the slim builder leaves out of an address with https
        var configured =
            s_addressKeys.Any(key => !string.IsNullOrWhiteSpace(builder.Configuration[key]))
            || builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
        if (!configured)
        {
            builder.WebHost.UseUrls($"http://localhost:{port}");
        }
    }
}
