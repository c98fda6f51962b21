namespace NeuroCred.Tests.Balancer.Policy;

/// <summary>A policy that has nothing at its default of what platforms take from it.</summary>
internal static class OtherPolicy
{
    public static BalancingPolicy Value { get; } =
        new()
        {
            Upstream = new() { Port = 5000 },
            ServerName = "api.example.org",
            Draining = new() { Grace = TimeSpan.FromMilliseconds(2500), Timeout = TimeSpan.FromMilliseconds(12_300) },
            Scaling = new()
            {
                MinReplicas = 4,
                MaxReplicas = 9,
                CpuPercent = 61,
                MemoryPercent = 71,
                QueueLength = 33,
            },
            Health = new()
            {
                Liveness = new()
                {
                    Path = "/live",
                    Interval = TimeSpan.FromSeconds(4),
                    Timeout = TimeSpan.FromMilliseconds(2500),
                    HealthyThreshold = 1,
                    UnhealthyThreshold = 5,
                },
                Readiness = new()
                {
                    Path = "/ready",
                    Interval = TimeSpan.FromSeconds(7),
                    Timeout = TimeSpan.FromSeconds(6),
                    HealthyThreshold = 3,
                    UnhealthyThreshold = 4,
                },
            },
        };
}
