namespace NeuroCred.Balancer.Nginx;

/// <summary>A replica behind nginx, as nginx reaches it.</summary>
/// <param name="Name">Its name, for errors.</param>
/// <param name="Host">Its address or host name.</param>
/// <param name="Port">Its port.</param>
public sealed record NginxServer(string Name, string Host, int Port)
{
    internal string Address => $"{Peer}:{Port}";

    private string Peer =>
        Host switch
        {
            // nginx makes a peer of each address that a name has: "localhost" would be two, ::1 and 127.0.0.1, with failures and
            // connections counted apart and, unless the replica listens on both, one of them always dead.
            "localhost" => "127.0.0.1",
            _ when Host.Contains(':', StringComparison.Ordinal) => $"[{Host.Trim('[', ']')}]",
            _ => Host,
        };
}
