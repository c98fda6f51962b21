namespace NeuroCred.Balancer.Nginx;

/// <summary>A DNS server that nginx asks for the addresses of its servers while it runs.</summary>
/// <param name="Address">Its address.</param>
public sealed record NginxResolver(string Address)
{
    /// <summary>The resolver in every container on a network of Docker's own.</summary>
    public const string Docker = "127.0.0.11";

    /// <summary>How long an answer counts, whatever it says itself. Default: 1 s, since a new replica is used no sooner, and one that has
    /// gone is tried no longer.</summary>
    public TimeSpan Valid { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer may take. Default: 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);
}
