namespace NeuroCred.Balancer.Nginx;

/// <summary>A replica behind nginx, as nginx reaches it.</summary>
/// <param name="Name">Its name, for errors.</param>
/// <param name="Host">Its address or host name.</param>
/// <param name="Port">Its port.</param>
public sealed record NginxServer(string Name, string Host, int Port)
{
    /// <summary>
    /// The service (RFC 2782) under which DNS lists the replicas, each with a name and a port of its own. Default: none; the host's addresses are the
    /// replicas, all with <see cref="Port"/>. To nginx those are one name, between which a consistent hash makes no difference.
    /// </summary>
    public string? Service { get; init; }

    internal string Address => Service is null ? $"{Peer}:{NginxText.Number(Port)}" : Peer;

    private string Peer => Host switch
    {
        // nginx makes a peer of each address that a name has: "localhost" would be two, ::1 and 127.0.0.1, with failures and
        // connections counted apart and, unless the replica listens on both, one of them always dead.
        "localhost" => "127.0.0.1",
        _ when Host.Contains(':', StringComparison.Ordinal) => $"[{Host.Trim('[', ']')}]",
        _ => Host,
    };
}
