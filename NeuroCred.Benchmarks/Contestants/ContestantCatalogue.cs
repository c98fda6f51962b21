using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Contestants;

/// <summary>Who is compared.</summary>
internal static class ContestantCatalogue
{
    /// <summary>All contestants, in the order of the report.</summary>
    public static IReadOnlyList<Contestant> All { get; } =
    [
        new("neurocred", "NeuroCred", "its gateway and its supervisor", "nginx", OpenOwnAsync) { System = SystemSetup.Supervised },
        new(
            "neurocred-without-holding",
            "NeuroCred without holding",
            "its gateway with Holding:Time=0s, and its supervisor",
            "nginx",
            OpenOwnAsync
        )
        {
            System = SystemSetup.WithoutHolding,
        },
        new("neurocred-unsupervised", "NeuroCred without supervisor", "its gateway alone", "nginx", OpenOwnAsync),
        new(
            "guide",
            "The guide's nginx",
            "Peers/guide-nginx.conf",
            "nginx",
            async (s, c) => await PeerGateways.OpenGuideAsync(Replicas(s), c)
        ),
        new(
            "haproxy-defaults",
            "HAProxy, defaults",
            "Peers/haproxy-defaults.cfg",
            "haproxy",
            async (s, c) => await PeerGateways.OpenHaproxyAsync("haproxy-defaults.cfg", Replicas(s), c)
        ),
        new(
            "haproxy-best",
            "HAProxy, best",
            "Peers/haproxy-best.cfg",
            "haproxy",
            async (s, c) => await PeerGateways.OpenHaproxyAsync("haproxy-best.cfg", Replicas(s), c)
        ),
        new(
            "yarp-defaults",
            "YARP, defaults",
            "Peers/yarp-defaults.json",
            "dotnet",
            async (s, c) => await PeerGateways.OpenYarpAsync("yarp-defaults.json", false, Replicas(s), c)
        ),
        new(
            "yarp-best",
            "YARP, best",
            "Peers/yarp-best.json, YarpGateway.cs, SafeResend.cs",
            "dotnet",
            async (s, c) => await PeerGateways.OpenYarpAsync("yarp-best.json", true, Replicas(s), c)
        ),
    ];

    private static Task<IGateway> OpenOwnAsync(SystemUnderTest system, CancellationToken cancellationToken) =>
        Task.FromResult<IGateway>(new OwnGateway(system.Gateway));

    private static IReadOnlyList<Uri> Replicas(SystemUnderTest system) => [.. SystemUnderTest.Replicas.Select(system.AddressOf)];
}
