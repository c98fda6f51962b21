using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuroCred.AppHost.Runtime;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.AppHost.Gateway;

/// <summary>Has an nginx gateway do what the balancing policy says.</summary>
internal static partial class GatewayExtensions
{
    /// <summary>Serves HTTPS, with the certificate that the policy names or one made for <c>localhost</c>.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="port">The port that clients use; any free one when null or 0.</param>
    /// <param name="tls">The policy, valid. A relative path starts at the current folder. A certificate that cannot be used fails the start
    /// of the application.</param>
    internal static IResourceBuilder<NginxResource> WithHttps(this IResourceBuilder<NginxResource> gateway, int? port, TlsPolicy tls)
    {
        if (tls is not { Certificate: { } certificate, CertificateKey: { } key })
        {
            return gateway.WithHttps(port);
        }

        // Before the same is checked without knowing what the settings are called.
        gateway.ApplicationBuilder.Eventing.Subscribe<BeforeStartEvent>((_, _) => CheckCertificate(certificate, key));
        return gateway.WithHttps(port, Path.GetFullPath(certificate), Path.GetFullPath(key));
    }

    /// <summary>Shows on the dashboard where the API is described and can be tried.</summary>
    internal static IResourceBuilder<NginxResource> WithApiPage(this IResourceBuilder<NginxResource> gateway) =>
        gateway.WithUrlForEndpoint("http", _ => new() { Url = "/docs", DisplayText = "API" });

    /// <summary>Spreads requests over the replicas by the policy.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="replicas">The replicas, each with an endpoint <c>http</c>.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="jsModule">The absolute path of nginx's module njs; null where there is none: then no request is held.</param>
    /// <exception cref="DistributedApplicationException">Some settings are invalid; all of them are named.</exception>
    internal static IResourceBuilder<NginxResource> WithBalancing(
        this IResourceBuilder<NginxResource> gateway,
        IEnumerable<IResourceBuilder<IResourceWithEndpoints>> replicas,
        BalancingPolicy policy,
        string? jsModule
    )
    {
        if (PolicyValidator.Validate(policy) is { Count: > 0 } errors)
        {
            throw new DistributedApplicationException(
                string.Join(Environment.NewLine, [$"The load balancing of '{gateway.Resource.Name}' is invalid.", .. errors])
            );
        }

        if (policy.Holding.Time > TimeSpan.Zero && (jsModule is null || !policy.Holds))
        {
            var fix = policy.Holds
                ? "nginx's module njs is missing: install libnginx-mod-http-js"
                : "Balancing:Retries:Conditions lets no request be sent again: add non_idempotent, and error, timeout or http_503";
            gateway.ApplicationBuilder.Eventing.Subscribe<BeforeStartEvent>(
                (@event, _) =>
                {
                    HoldsNothing(@event.Services.GetRequiredService<ILogger<NginxConfiguration>>(), gateway.Resource.Name, fix);
                    return Task.CompletedTask;
                }
            );
        }

        return gateway
            .WithLoadBalancing(replicas.Select(replica => replica.GetEndpoint("http")))
            .WithConfiguration(context => Describe(context, policy, jsModule).Render());
    }

    /// <summary>Where the gateway's nginx has its module njs; null where there is none.</summary>
    /// <param name="runtime">What runs the gateway. The image has the module.</param>
    internal static string? FindJsModule(this ChosenRuntime runtime) =>
        runtime.UsesContainers || File.Exists(NginxConfiguration.UsualJsModule) ? NginxConfiguration.UsualJsModule : null;

    private static NginxConfiguration Describe(NginxConfigurationContext context, BalancingPolicy policy, string? jsModule) =>
        new()
        {
            Policy = policy,
            Servers = [.. context.Servers.Select(server => new NginxServer(server.Name, server.Host, server.Port))],
            HttpPort = context.HttpPort,
            Https = context.Https is { } https ? new(https.Port, https.PublicPort, https.Certificate, https.CertificateKey) : null,
            AccessLogFile = context.AccessLogFile,
            StatusPort = context.StatusPort,
            NginxVersion = context.NginxVersion,
            JsModule = jsModule,
        };

    internal static Task CheckCertificate(string certificate, string key)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certificate, key);
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new DistributedApplicationException(
                $"Tls:Certificate ('{certificate}') and Tls:CertificateKey ('{key}') cannot be used: give a certificate and its own "
                    + $"key, both as PEM files, the key without a password. ({e.Message})",
                e
            );
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "'{Gateway}' answers 503 at once when no replica can serve, instead of holding the request, because {Fix}, or set "
            + "Balancing:Holding:Time to 0s."
    )]
    private static partial void HoldsNothing(ILogger logger, string gateway, string fix);
}
