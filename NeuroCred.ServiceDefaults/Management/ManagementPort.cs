using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuroCred.Settings;

namespace NeuroCred.ServiceDefaults.Management;

/// <summary>
/// The port for operators and Prometheus: <c>/metrics</c> and <c>/drain</c> are routes of it, and not of the port for clients.
/// </summary>
public static class ManagementPort
{
    private const string Key = "Management:Port";
    private const string Endpoints = "Kestrel:Endpoints";

    // Kestrel takes a name that is neither an address nor localhost for every address of the machine.
    private const string EveryAddress = "*";

    /// <summary>
    /// Listens on a second port, on the same hosts as the first, and takes the endpoints of management off every other one. A service that
    /// does not call this serves all on one port.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="byDefault">The port without the setting <c>Management:Port</c>.</param>
    /// <param name="settings">The settings, which get the error of a port that is none.</param>
    public static void UseManagementPort(this WebApplicationBuilder builder, int byDefault, SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(settings);
        var port = settings.Number(Key, byDefault, 1, ushort.MaxValue, "a port");
        if (builder.Configuration.GetSection(Endpoints).GetChildren().Any())
        {
            // Kestrel would take no address but these.
            settings.Report(
                Endpoints,
                "cannot be used beside the management port: give the addresses in ASPNETCORE_URLS, and the certificate in "
                    + "Kestrel:Certificates:Default."
            );
        }

        builder.Services.AddSingleton<IStartupFilter>(new Listener(port));
        builder.Services.AddSingleton<MatcherPolicy>(new ManagementPortPolicy(port));
    }

    /// <summary>Makes an endpoint one of management.</summary>
    internal static TBuilder OnManagementPort<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(ManagementPortPolicy.Mark);

    /// <summary>The hosts to listen on, each once: two names of one address would take the port twice.</summary>
    internal static IReadOnlyList<string> Merge(IEnumerable<string> hosts)
    {
        HashSet<string> merged = [.. hosts.Select(Normalize)];
        if (merged.Contains(EveryAddress))
        {
            return [EveryAddress];
        }

        if (merged.Contains("localhost"))
        {
            merged.ExceptWith([$"{IPAddress.Loopback}", $"[{IPAddress.IPv6Loopback}]"]);
        }

        return [.. merged];
    }

    private static string Normalize(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? "localhost"
        : !IPAddress.TryParse(host, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? EveryAddress
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]"
        : $"{address}";

    // The host has read the addresses before it asks filters, and binds them after.
    private sealed class Listener(int port) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                var addresses = app.ServerFeatures.GetRequiredFeature<IServerAddressesFeature>().Addresses;
                List<BindingAddress> bound =
                [
                    .. addresses.Select(BindingAddress.Parse).Where(address => address is { IsUnixPipe: false, IsNamedPipe: false }),
                ];
                if (bound.Any(address => address.Port == port))
                {
                    throw new OptionsValidationException(
                        Key,
                        typeof(int),
                        [$"{Key} is {port}, and clients are served on that port. Set it to another one."]
                    );
                }

                foreach (var host in Merge(bound.Select(address => address.Host)))
                {
                    addresses.Add($"http://{host}:{port}");
                }

                next(app);
            };
    }
}
