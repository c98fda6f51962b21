using NeuroCred.Settings;

namespace NeuroCred.Balancer.Policy;

/// <summary>
/// How requests are spread over replicas, and what happens when one of them fails: written once, rendered for every balancer.
/// Immutable; <see cref="PolicyReader"/> binds it from configuration, <see cref="PolicyValidator"/> names everything that is wrong with it.
/// </summary>
/// <remarks>
/// The defaults are those of the load-balancing guide that NeuroCred implements, except where a measurement spoke against them: each such
/// member says so.
/// </remarks>
public sealed record BalancingPolicy
{
    /// <summary>The section of the configuration that holds it: <c>Balancing</c>.</summary>
    public const string Section = "Balancing";

    /// <summary>The group of replicas.</summary>
    public UpstreamPolicy Upstream { get; init; } = new();

    /// <summary>The host name that clients use. Requests for other names are served too. <c>_</c> is no name in particular. Default:
    /// <c>api.neurocred.io</c>.</summary>
    public string ServerName { get; init; } = "api.neurocred.io";

    /// <summary>Which replica gets a request. Default: <see cref="BalancingAlgorithm.LeastConnections"/>.</summary>
    public BalancingAlgorithm Algorithm { get; init; } = BalancingAlgorithm.LeastConnections;

    /// <summary>What keeps a client with one replica, for <see cref="BalancingAlgorithm.CookieHash"/> and for balancers whose affinity is a
    /// cookie.</summary>
    public AffinityPolicy Affinity { get; init; } = new();

    /// <summary>How replicas are asked whether they live, and whether they can serve.</summary>
    public HealthPolicy Health { get; init; } = new();

    /// <summary>When a replica that fails requests is left alone.</summary>
    public FailurePolicy Failures { get; init; } = new();

    /// <summary>How long each part of a request may take.</summary>
    public TimeoutPolicy Timeouts { get; init; } = new();

    /// <summary>When a request is sent to another replica.</summary>
    public RetryPolicy Retries { get; init; } = new();

    /// <summary>What becomes of a request that no replica can serve.</summary>
    public HoldingPolicy Holding { get; init; } = new();

    /// <summary>Idle connections to the replicas.</summary>
    public KeepalivePolicy Keepalive { get; init; } = new();

    /// <summary>HTTPS between clients and the gateway.</summary>
    public TlsPolicy Tls { get; init; } = new();

    /// <summary>
    /// Addresses and networks (CIDR) of proxies in front of the gateway, whose X-Forwarded-For and X-Forwarded-Proto are believed. Default:
    /// none; the address a connection comes from is the client's.
    /// </summary>
    public IReadOnlyList<string> TrustedNetworks { get; init; } = [];

    /// <summary>What one client may ask for.</summary>
    public LimitPolicy Limits { get; init; } = new();

    /// <summary>How a replica leaves.</summary>
    public DrainTimes Draining { get; init; } = new();

    /// <summary>How many replicas there are, and what adds one.</summary>
    public ScalingPolicy Scaling { get; init; } = new();

    /// <summary>Whether requests are held: <see cref="Holding"/> gives them time, and <see cref="Retries"/> lets any request be sent
    /// again.</summary>
    internal bool Holds =>
        Holding.Time > TimeSpan.Zero
        && Retries.Conditions.Contains(RetryCondition.NonIdempotent)
        && Retries.Conditions.Any(c =>
            c is RetryCondition.Error or RetryCondition.InvalidHeader or RetryCondition.Timeout or RetryCondition.Http503
        );
}

/// <summary>Which replica gets a request.</summary>
public enum BalancingAlgorithm
{
    /// <summary><c>least_conn</c>: the one with the fewest requests under way. A replica that is stuck or slow looks busy, and gets
    /// less.</summary>
    LeastConnections,

    /// <summary><c>ip_hash</c>: always the same one for a client's network (IPv4: the first three octets). Spreads unevenly; only where
    /// affinity is needed.</summary>
    IpHash,

    /// <summary><c>cookie_hash</c>: the same one for a client's cookie, by a consistent hash: when a replica goes, only its own clients
    /// move.</summary>
    CookieHash,
}

/// <summary>The group of replicas.</summary>
public sealed record UpstreamPolicy
{
    /// <summary>Its name in configurations and logs: letters, digits, <c>_</c>, <c>-</c>, <c>.</c>. Default:
    /// <c>neurocred_backend</c>.</summary>
    public string Name { get; init; } = "neurocred_backend";

    /// <summary>The port a replica listens on where each has an address of its own, 1 to 65535, and not
    /// <see cref="DefaultPorts.Management"/>. Default: 4000.</summary>
    public int Port { get; init; } = 4000;
}

/// <summary>What keeps a client with one replica.</summary>
public sealed record AffinityPolicy
{
    /// <summary>The cookie's name: letters, digits, <c>_</c>. Default: <c>neurocred_affinity</c>.</summary>
    public string Cookie { get; init; } = "neurocred_affinity";

    /// <summary>How long a client keeps the cookie, 1 s to 7 days. Default: 1 day (the default of AWS's load balancer).</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>How replicas are asked for their health.</summary>
public sealed record HealthPolicy
{
    /// <summary>
    /// Whether the process answers at all. What fails it is killed and started again, so the path must depend on nothing else.
    /// Default: <c>/health</c>, every 1 s, 0.5 s to answer, 3 failures: a replica that hangs is gone after 3.5 s (the guide names 5 to 10
    /// s; measured: the requests that it holds wait as long).
    /// </summary>
    public ProbePolicy Liveness { get; init; } =
        new()
        {
            Path = "/health",
            Interval = TimeSpan.FromSeconds(1),
            Timeout = TimeSpan.FromMilliseconds(500),
            HealthyThreshold = 1,
            UnhealthyThreshold = 3,
        };

    /// <summary>Whether a replica can serve. What fails it gets no traffic. Default: <c>/health/ready</c>, every 30 s, 5 s to answer, 2
    /// successes, 3 failures.</summary>
    public ProbePolicy Readiness { get; init; } =
        new()
        {
            Path = "/health/ready",
            Interval = TimeSpan.FromSeconds(30),
            Timeout = TimeSpan.FromSeconds(5),
            HealthyThreshold = 2,
            UnhealthyThreshold = 3,
        };
}

/// <summary>One kind of health check.</summary>
public sealed record ProbePolicy
{
    /// <summary>The path asked by GET; 200 is health. Begins with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>From one question to the next, 0.1 s to 300 s.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>How long an answer may take: 1 ms or more, and no longer than <see cref="Interval"/>.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Successes in a row that make a replica healthy, 1 to 10.</summary>
    public required int HealthyThreshold { get; init; }

    /// <summary>Failures in a row that make a replica unhealthy, 1 to 10.</summary>
    public required int UnhealthyThreshold { get; init; }
}

/// <summary>When a replica that fails requests is left alone.</summary>
public sealed record FailurePolicy
{
    /// <summary>
    /// After how many failures within <see cref="FailTimeout"/>. 0: never. Default: 0. (The guide says 3; measured: a moment in which all
    /// replicas were late, and said 503, took all of them away, and clients got errors from a gateway that asked nobody. A dead replica
    /// refuses at once, and a stuck one looks busy: neither has to be left alone.)
    /// </summary>
    public int MaxFails { get; init; }

    /// <summary>
    /// In which time failures are counted, and how long the replica is left alone: whole seconds, 1 s to 1 h. nginx's clock for this has
    /// whole seconds: 1 s means 1 to 2 s. Default: 1 s. (The guide says 30 s; measured: when all replicas were gone for a second, clients
    /// were told so for the whole of it.)
    /// </summary>
    public TimeSpan FailTimeout { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>How long each part of a request may take.</summary>
public sealed record TimeoutPolicy
{
    /// <summary>Connecting to a replica, 1 ms to 75 s. Default: 1 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A replica accepting more of a request, 1 ms to 1 h. Default: 10 s.</summary>
    public TimeSpan Send { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A replica sending more of a response, 1 ms to 1 h. Default: 10 s.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence on a WebSocket or in a stream of server-sent events, 1 s to 24 h. Default: 1 h.</summary>
    public TimeSpan Stream { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A client sending its request's header, or more of its body, or taking more of a response, 1 s to 1 h. Default: 10
    /// s.</summary>
    public TimeSpan Client { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>When a request is sent to another replica.</summary>
public sealed record RetryPolicy
{
    /// <summary>
    /// What makes it so. Default: <c>error</c>, <c>timeout</c>, <c>invalid_header</c>, <c>http_503</c>, <c>non_idempotent</c>. (The guide
    /// has no <c>non_idempotent</c>; measured: each killed replica then cost the POSTs it held. It takes replicas that accept the same
    /// write twice.) Not <c>http_500</c>, <c>http_502</c>, <c>http_504</c> by default: an error that every replica would repeat.
    /// </summary>
    public IReadOnlyList<RetryCondition> Conditions { get; init; } =
    [RetryCondition.Error, RetryCondition.Timeout, RetryCondition.InvalidHeader, RetryCondition.Http503, RetryCondition.NonIdempotent];

    /// <summary>How many replicas a request is sent to at most, the first included, 0 to 100. 0: to each one. Default: 3.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>How long after its arrival a request may still be sent to another replica, up to 1 h. 0: any time. Default: 15 s, more than
    /// <see cref="TimeoutPolicy.Read"/>.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>A reason to send a request to another replica.
/// https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream</summary>
public enum RetryCondition
{
    /// <summary><c>error</c>: the connection failed or broke before a response.</summary>
    Error,

    /// <summary><c>timeout</c>: connecting, sending or waiting took too long.</summary>
    Timeout,

    /// <summary><c>invalid_header</c>: the response was empty or no HTTP.</summary>
    InvalidHeader,

    /// <summary><c>http_500</c>.</summary>
    Http500,

    /// <summary><c>http_502</c>.</summary>
    Http502,

    /// <summary><c>http_503</c>: from a replica, "another one can".</summary>
    Http503,

    /// <summary><c>http_504</c>.</summary>
    Http504,

    /// <summary><c>http_429</c>.</summary>
    Http429,

    /// <summary><c>non_idempotent</c>: for POST, LOCK and PATCH as well.</summary>
    NonIdempotent,
}

/// <summary>
/// What becomes of a request that no replica can serve: all of them refuse, time out or answer 503. The gateway keeps it, asks every 100 to
/// 250 ms whether a replica is ready, and then sends it again. For each failure that <see cref="RetryPolicy.Conditions"/> names, and only
/// if they name <see cref="RetryCondition.NonIdempotent"/>. Not for WebSockets, server-sent events and health checks.
/// </summary>
public sealed record HoldingPolicy
{
    /// <summary>
    /// For how long after the first failure a request is kept, up to 60 s; then it is answered 503. Sending it again in between does not
    /// begin this time anew. 0: not at all. Default: 6 s. (Measured: three killed replicas serve again after 2 to 3 s.)
    /// </summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Beyond how many requests under way in a gateway, 1 to 10000, no further one is kept but answered 503 at once. It counts all of them:
    /// those kept, WebSockets, and those that still arrive. Default: 1000.
    /// </summary>
    public int Limit { get; init; } = 1000;
}

/// <summary>Idle connections to the replicas.</summary>
public sealed record KeepalivePolicy
{
    /// <summary>How many each worker of the balancer keeps, 1 to 10000. Default: 64. (The guide has none; measured: a quarter of the
    /// throughput.)</summary>
    public int Connections { get; init; } = 64;

    /// <summary>How long one stays open, 1 s to 1 h: less than the replicas' own limit (Kestrel: 130 s), so that it is never they who close
    /// it. Default: 60 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>HTTPS between clients and the gateway. Plain HTTP between the gateway and the replicas.</summary>
public sealed record TlsPolicy
{
    /// <summary>The file with the certificate and its chain (PEM). Default: none, and a development certificate is made.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file with the certificate's key (PEM, without a password). Given together with <see cref="Certificate"/>.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Whether plain HTTP is answered with a redirect (308) to HTTPS. Default: no.</summary>
    public bool RedirectHttp { get; init; }

    /// <summary>
    /// How long browsers shall use nothing but HTTPS (Strict-Transport-Security, RFC 6797), whole seconds, up to 2 years. 0: not said.
    /// Default: 30 days. Never said with the development certificate, because a browser remembers it for every service on localhost.
    /// </summary>
    public TimeSpan HstsMaxAge { get; init; } = TimeSpan.FromDays(30);
}

/// <summary>What one client may ask for.</summary>
public sealed record LimitPolicy
{
    /// <summary>The largest body of a request in bytes, 1 to 1 GiB. Default: 1 MiB.</summary>
    public long MaxBodySize { get; init; } = 1024 * 1024;

    /// <summary>
    /// How many connections of one client address (IPv6: of one network of 64 bits) may have a request under way, up to 10000; more get
    /// 429. A WebSocket counts while it is open, each request of an HTTP/2 connection counts, and
    /// <see cref="BalancingPolicy.TrustedNetworks"/> do not. 0: any number. Default: 300, which a client with 100 requests per second needs
    /// while all replicas are away for 3 s. (Measured: without a limit, 8,400 connections that sent bodies slowly took the gateway from
    /// everybody for 13 s.)
    /// </summary>
    public int ConnectionsPerClient { get; init; } = 300;

    /// <summary>Requests per second and client, as for <see cref="ConnectionsPerClient"/>, up to 100000; more get 429. 0: any number.
    /// Default: 500.</summary>
    public int RequestsPerSecond { get; init; } = 500;

    /// <summary>How many requests beyond the rate are served at once before 429, up to 100000. Default: 500.</summary>
    public int Burst { get; init; } = 500;
}

/// <summary>How many replicas there are, and what adds one.</summary>
public sealed record ScalingPolicy
{
    /// <summary>The least, 1 to 1000. Default: 3.</summary>
    public int MinReplicas { get; init; } = 3;

    /// <summary>The most, at least <see cref="MinReplicas"/>, up to 1000. Default: 20.</summary>
    public int MaxReplicas { get; init; } = 20;

    /// <summary>The processor use, in percent of what a replica asked for, above which one is added, 1 to 90. Default: 70.</summary>
    public int CpuPercent { get; init; } = 70;

    /// <summary>The memory use, in percent of what a replica asked for, above which one is added, 1 to 90. Default: 80.</summary>
    public int MemoryPercent { get; init; } = 80;

    /// <summary>
    /// The requests that wait in a replica above which one is added, 1 to 10000; where a platform does not see those, the requests under
    /// way. Default: 50.
    /// </summary>
    public int QueueLength { get; init; } = 50;
}
