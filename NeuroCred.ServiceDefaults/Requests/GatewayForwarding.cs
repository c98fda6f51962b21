using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuroCred.Settings;
using IPNetwork = System.Net.IPNetwork;

namespace NeuroCred.ServiceDefaults.Requests;

/// <summary>
/// Believes X-Forwarded-For, X-Forwarded-Proto and X-Real-IP from the gateway alone: the addresses and networks in
/// <c>ForwardedHeaders:KnownProxies</c> (a list, or one string with commas; default: loopback). Only the nearest hop counts;
/// what a client wrote further left is never read.
/// </summary>
internal static class GatewayForwarding
{
    private const string Key = "ForwardedHeaders:KnownProxies";

    public static void AddForwardedHeadersFromGateway(this IServiceCollection services, SettingsReader settings)
    {
        var known = Read(settings);
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = 1;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in known)
            {
                options.KnownIPNetworks.Add(network);
            }
        });
    }

    public static void UseForwardedHeadersFromGateway(this IApplicationBuilder app)
    {
        var known = app.ApplicationServices.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value.KnownIPNetworks;
        app.Use(
            (context, next) =>
            {
                TakeRealIp(context, known);
                return next(context);
            }
        );
        app.UseForwardedHeaders();
    }

    // nginx sends both X-Real-IP and X-Forwarded-For; other gateways only the former, which the framework does not read.
    private static void TakeRealIp(HttpContext context, IList<IPNetwork> known)
    {
        var headers = context.Request.Headers;
        var peer = context.Connection.RemoteIpAddress;
        if (peer is null || !known.Any(network => network.Contains(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer)))
        {
            headers.Remove("X-Real-IP");
        }
        else if (!headers.ContainsKey("X-Forwarded-For") && IPAddress.TryParse(headers["X-Real-IP"], out var client))
        {
            context.Connection.RemoteIpAddress = client;
        }
    }

    internal static IReadOnlyList<IPNetwork> Read(SettingsReader settings)
    {
        List<IPNetwork> networks = [];
        var given = settings.List(Key);
        foreach (var entry in given)
        {
            if (IPNetwork.TryParse(entry, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(entry, out var address))
            {
                networks.Add(new(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                settings.Report(Key, $"has '{entry}': give addresses or networks, such as 10.0.0.7 or 10.0.0.0/24.");
            }
        }

        return given is not [] ? networks : [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];
    }
}
