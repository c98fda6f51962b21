using NeuroCred.Balancer.Nginx;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>Starts gateways in front of servers.</summary>
internal static class PeerGateways
{
    /// <summary>nginx with the guide's configuration.</summary>
    public static Task<PeerProcess> OpenGuideAsync(IReadOnlyList<Uri> servers, CancellationToken cancellationToken)
    {
        var port = LocalPort.FindFree();
        return PeerProcess.StartAsync(
            port,
            new Dictionary<string, string>
            {
                ["nginx.conf"] = PeerConfiguration.Read("nginx.conf", port, []),
                ["servers.conf"] = PeerConfiguration.Read("guide-nginx.conf", port, servers),
            },
            NginxCommand,
            cancellationToken
        );
    }

    /// <summary>nginx with the configuration that NeuroCred renders, by default settings.</summary>
    public static Task<PeerProcess> OpenOwnNginxAsync(IReadOnlyList<Uri> servers, CancellationToken cancellationToken)
    {
        var port = LocalPort.FindFree();
        var configuration = new NginxConfiguration
        {
            Policy = OneAddress.Policy,
            Servers = [.. servers.Select((server, i) => new NginxServer($"server {i + 1}", server.Host, server.Port))],
            HttpPort = port,
            JsModule = File.Exists(NginxConfiguration.UsualJsModule) ? NginxConfiguration.UsualJsModule : null,
        };
        return PeerProcess.StartAsync(port, configuration.Render(), NginxCommand, cancellationToken);
    }

    /// <summary>HAProxy with a configuration of the folder Peers.</summary>
    public static Task<PeerProcess> OpenHaproxyAsync(string file, IReadOnlyList<Uri> servers, CancellationToken cancellationToken)
    {
        var port = LocalPort.FindFree();
        return PeerProcess.StartAsync(
            port,
            new Dictionary<string, string> { ["haproxy.cfg"] = PeerConfiguration.Read(file, port, servers) },
            folder => [Tool.Require("haproxy"), "-db", "-f", Path.Combine(folder, "haproxy.cfg")],
            cancellationToken
        );
    }

    /// <summary>YARP with a configuration of the folder Peers.</summary>
    public static Task<PeerProcess> OpenYarpAsync(string file, bool best, IReadOnlyList<Uri> servers, CancellationToken cancellationToken)
    {
        var port = LocalPort.FindFree();
        return PeerProcess.StartAsync(
            port,
            new Dictionary<string, string> { ["yarp.json"] = PeerConfiguration.Read(file, port, servers) },
            folder => YarpGateway.Command(Path.Combine(folder, "yarp.json"), port, best),
            cancellationToken
        );
    }

    /// <summary>How nginx is started on a folder that holds its nginx.conf.</summary>
    public static IReadOnlyList<string> NginxCommand(string folder) =>
        [Tool.Require("nginx"), "-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-g", "daemon off;"];
}
