using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>Who is compared.</summary>
internal static class ContestantCatalogue
{
    /// <summary>All contestants, in the order of the report.</summary>
    public static IReadOnlyList<Contestant> All { get; } =
    [
        new("neurocred", "NeuroCred", "its gateway and its supervisor", "nginx", OpenOwnAsync) { IsSupervised = true },
        new("neurocred-unsupervised", "NeuroCred without supervisor", "its gateway alone", "nginx", OpenOwnAsync),
        new("guide", "The guide's nginx", "Peers/guide-nginx.conf", "nginx", (s, c) => OpenNginxAsync("guide-nginx.conf", s, c)),
        new("haproxy-defaults", "HAProxy, defaults", "Peers/haproxy-defaults.cfg", "haproxy", (s, c) => OpenHaproxyAsync("haproxy-defaults.cfg", s, c)),
        new("haproxy-best", "HAProxy, best", "Peers/haproxy-best.cfg", "haproxy", (s, c) => OpenHaproxyAsync("haproxy-best.cfg", s, c)),
        new("yarp-defaults", "YARP, defaults", "Peers/yarp-defaults.json", "dotnet", (s, c) => OpenYarpAsync("yarp-defaults.json", false, s, c)),
        new("yarp-best", "YARP, best", "Peers/yarp-best.json, YarpGateway.cs, SafeResend.cs", "dotnet", (s, c) => OpenYarpAsync("yarp-best.json", true, s, c)),
    ];

    private static Task<IGateway> OpenOwnAsync(SystemUnderTest system, CancellationToken cancellationToken)
        => Task.FromResult<IGateway>(new OwnGateway(system.Gateway));

    private static Task<IGateway> OpenNginxAsync(string file, SystemUnderTest system, CancellationToken cancellationToken)
    {
        var port = PeerConfiguration.FindFreePort();
        return OpenAsync(
            port,
            new()
            {
                ["nginx.conf"] = PeerConfiguration.Read("nginx.conf", port, []),
                ["servers.conf"] = PeerConfiguration.Read(file, port, Replicas(system)),
            },
            NginxCommand,
            cancellationToken);
    }

    private static Task<IGateway> OpenHaproxyAsync(string file, SystemUnderTest system, CancellationToken cancellationToken)
    {
        var port = PeerConfiguration.FindFreePort();
        return OpenAsync(
            port,
            new() { ["haproxy.cfg"] = PeerConfiguration.Read(file, port, Replicas(system)) },
            folder => [InstalledProgram.Find("haproxy"), "-db", "-f", Path.Combine(folder, "haproxy.cfg")],
            cancellationToken);
    }

    private static Task<IGateway> OpenYarpAsync(string file, bool best, SystemUnderTest system, CancellationToken cancellationToken)
    {
        var port = PeerConfiguration.FindFreePort();
        return OpenAsync(
            port,
            new() { ["yarp.json"] = PeerConfiguration.Read(file, port, Replicas(system)) },
            folder => YarpGateway.Command(Path.Combine(folder, "yarp.json"), port, best),
            cancellationToken);
    }

    /// <summary>How nginx is started on a folder that holds its nginx.conf.</summary>
    internal static IReadOnlyList<string> NginxCommand(string folder)
        => [InstalledProgram.Find("nginx"), "-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-g", "daemon off;"];

    private static async Task<IGateway> OpenAsync(
        int port, Dictionary<string, string> files, Func<string, IReadOnlyList<string>> command, CancellationToken cancellationToken)
        => await PeerProcess.StartAsync(port, files, command, cancellationToken);

    private static IReadOnlyList<Uri> Replicas(SystemUnderTest system) => [.. SystemUnderTest.Replicas.Select(system.AddressOf)];
}
