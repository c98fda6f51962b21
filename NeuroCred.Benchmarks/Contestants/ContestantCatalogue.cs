using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>The gateways that are compared.</summary>
internal static class ContestantCatalogue
{
    /// <summary>Those that NeuroCred is compared with.</summary>
    public static IReadOnlyList<Contestant> Peers { get; } =
    [
        new("guide", "The guide's nginx", "Peers/guide-nginx.conf", "nginx", PeerGateways.OpenGuideAsync),
        new(
            "haproxy-defaults",
            "HAProxy, defaults",
            "Peers/haproxy-defaults.cfg",
            "haproxy",
            (servers, c) => PeerGateways.OpenHaproxyAsync("haproxy-defaults.cfg", servers, c)
        ),
        new(
            "haproxy-best",
            "HAProxy, best",
            "Peers/haproxy-best.cfg",
            "haproxy",
            (servers, c) => PeerGateways.OpenHaproxyAsync("haproxy-best.cfg", servers, c)
        ),
        new(
            "yarp-defaults",
            "YARP, defaults",
            "Peers/yarp-defaults.json",
            "dotnet",
            (servers, c) => PeerGateways.OpenYarpAsync("yarp-defaults.json", false, servers, c)
        ),
        new(
            "yarp-best",
            "YARP, best",
            "Peers/yarp-best.json, YarpGateway.cs, SafeResend.cs",
            "dotnet",
            (servers, c) => PeerGateways.OpenYarpAsync("yarp-best.json", true, servers, c)
        ),
    ];

    /// <summary>All contestants, in the order of the report.</summary>
    public static IReadOnlyList<Contestant> All { get; } =
    [
        new("neurocred", "NeuroCred", "its gateway and its supervisor", "nginx", System: SystemSetup.Supervised),
        new(
            "neurocred-without-holding",
            "NeuroCred without holding",
            "its gateway with Holding:Time=0s, and its supervisor",
            "nginx",
            System: SystemSetup.WithoutHolding
        ),
        new("neurocred-unsupervised", "NeuroCred without supervisor", "its gateway alone", "nginx"),
        .. Peers,
    ];
}
