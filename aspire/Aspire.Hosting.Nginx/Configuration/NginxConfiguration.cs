using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Nginx.Configuration;

/// <summary>The configuration of a gateway: everything known, nothing left to wait for.</summary>
/// <param name="ListenPort">The port that nginx listens on.</param>
/// <param name="Servers">The servers.</param>
/// <param name="Options">Valid options.</param>
internal sealed record NginxConfiguration(int ListenPort, IReadOnlyList<NginxServer> Servers, NginxLoadBalancingOptions Options)
{
    /// <summary>What nginx answers itself, so that its health is its own and not that of the servers.</summary>
    internal const string HealthPath = "/nginx-health";

    /// <summary>The main file, in <c>/etc/nginx</c>.</summary>
    internal const string MainFile = "nginx.conf";

    /// <summary>
    /// The file with the servers, in <c>/etc/nginx/conf.d</c>. The main file includes it by name: the image has files of its own there.
    /// </summary>
    internal const string GatewayFile = "gateway.conf";

    /// <summary>Renders <see cref="MainFile"/>.</summary>
    internal static string RenderMain() => NginxTemplate.Read(MainFile).Render(new Dictionary<string, string>());

    /// <summary>Renders <see cref="GatewayFile"/>.</summary>
    internal string RenderGateway() => NginxTemplate.Read($"conf.d/{GatewayFile}").Render(new Dictionary<string, string>
    {
        ["upstream"] = Options.UpstreamName,
        ["servers"] = string.Join('\n', Servers.Select(RenderServer)),
        ["keepalive"] = NginxText.Number(Options.KeepaliveConnections),
        ["listen"] = NginxText.Number(ListenPort),
        ["server_name"] = NginxText.Word(Options.ServerName, nameof(Options.ServerName)),
        ["connect_timeout"] = NginxText.Time(Options.ConnectTimeout),
        ["send_timeout"] = NginxText.Time(Options.SendTimeout),
        ["read_timeout"] = NginxText.Time(Options.ReadTimeout),
        ["next_upstream_tries"] = NginxText.Number(Options.NextUpstreamTries),
        ["next_upstream_timeout"] = NginxText.Time(Options.NextUpstreamTimeout),
        ["health_path"] = HealthPath,
    });

    private string RenderServer(NginxServer server)
        => $"server {NginxText.Word(server.Address, $"The address of '{server.Name}'")} max_fails={NginxText.Number(Options.MaxFails)} fail_timeout={NginxText.Time(Options.FailTimeout)};";
}
