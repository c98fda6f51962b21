namespace Aspire.Hosting.ApplicationModel;

/// <summary>How nginx spreads requests over servers, and what it does when one of them fails.</summary>
/// <remarks>
/// Requests go to the server with the fewest active ones (<c>least_conn</c>). A request that a server did not answer, or answered
/// with 503, is sent to another one, whatever its method: the servers must accept the same POST twice (idempotency).
/// </remarks>
public sealed record NginxLoadBalancingOptions
{
    /// <summary>The name of the group of servers, as the configuration and the log show it. Letters, digits, <c>_</c>, <c>-</c> and <c>.</c>. Default: <c>backend</c>.</summary>
    public string UpstreamName { get; init; } = "backend";

    /// <summary>The host name that clients use, in the form of nginx's <c>server_name</c>. Requests for other names are served too. Default: <c>_</c>, no name in particular.</summary>
    public string ServerName { get; init; } = "_";

    /// <summary>After how many failures within <see cref="FailTimeout"/> a server is left alone for as long. 0: never. Default: 3.</summary>
    public int MaxFails { get; init; } = 3;

    /// <summary>
    /// In which time failures are counted, and how long a server that failed is left alone, in whole seconds. nginx's clock for this has a
    /// granularity of one second: 1 s means 1 to 2 s. When all servers have failed, this is how long clients are told so. Default: 1 s.
    /// </summary>
    public TimeSpan FailTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many idle connections to the servers each worker of nginx keeps, 1 or more. Default: 64.</summary>
    public int KeepaliveConnections { get; init; } = 64;

    /// <summary>How many servers a request is sent to at most, the first included. 0: to each one. Default: 3.</summary>
    public int NextUpstreamTries { get; init; } = 3;

    /// <summary>
    /// How long after its arrival a request may still be sent to another server. 0: any time. Default: 15 s, so that a request that one server
    /// held for <see cref="ReadTimeout"/> is sent to another.
    /// </summary>
    public TimeSpan NextUpstreamTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long connecting to a server may take, 1 ms to 75 s. Default: 1 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server may take to accept more of a request, 1 ms to 1 h. Default: 10 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may take to send more of a response, 1 ms to 1 h. Default: 10 s.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
