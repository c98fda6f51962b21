namespace NeuroCred.Balancer.Deployment;

/// <summary>The settings of the policy that a platform has to say something about.</summary>
public static class PolicyKeys
{
    /// <summary>All of them, below <c>Balancing:</c>, in the order in which they are explained. Probes are one setting each.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "Upstream:Name",
        "Upstream:Port",
        "ServerName",
        "Algorithm",
        "Affinity:Cookie",
        "Affinity:Duration",
        "Health:Liveness",
        "Health:Readiness",
        "Failures:MaxFails",
        "Failures:FailTimeout",
        "Timeouts:Connect",
        "Timeouts:Send",
        "Timeouts:Read",
        "Timeouts:Stream",
        "Timeouts:Client",
        "Retries:Conditions",
        "Retries:Tries",
        "Retries:TotalTime",
        "Holding:Time",
        "Holding:Limit",
        "Keepalive:Connections",
        "Keepalive:IdleTimeout",
        "Tls:Certificate",
        "Tls:CertificateKey",
        "Tls:RedirectHttp",
        "Tls:HstsMaxAge",
        "TrustedNetworks",
        "Limits:MaxBodySize",
        "Limits:ConnectionsPerClient",
        "Limits:RequestsPerSecond",
        "Limits:Burst",
        "Draining:Grace",
        "Draining:Timeout",
        "Scaling:MinReplicas",
        "Scaling:MaxReplicas",
        "Scaling:CpuPercent",
        "Scaling:MemoryPercent",
        "Scaling:QueueLength",
    ];
}
