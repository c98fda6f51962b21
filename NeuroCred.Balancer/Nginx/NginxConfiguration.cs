using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Policy;

namespace NeuroCred.Balancer.Nginx;

/// <summary>
/// The configuration of an nginx gateway: everything known, nothing left to wait for. Rendered from the templates in the folder
/// <c>nginx/</c>, which an operator can read and edit. Valid on nginx 1.22 and newer.
/// </summary>
public sealed record NginxConfiguration
{
    /// <summary>The main file, in <c>/etc/nginx</c>.</summary>
    public const string MainFile = "nginx.conf";

    /// <summary>What nginx answers itself, so that its health is its own and not that of the replicas.</summary>
    public const string HealthPath = "/nginx-health";

    /// <summary>What it answers on <see cref="StatusPort"/>: the numbers of <c>stub_status</c>.</summary>
    public const string StatusPath = "/nginx-status";

    /// <summary>Where the module njs lies, in Debian (package <c>libnginx-mod-http-js</c>) as in the official image.</summary>
    public const string UsualJsModule = "/usr/lib/nginx/modules/ngx_http_js_module.so";

    private const string GatewayFile = "conf.d/gateway.conf";
    private const string AgainFile = "conf.d/again.conf";
    private const string HoldFile = "conf.d/hold.conf";
    private const string HoldLocationsFile = "conf.d/hold-locations.conf";
    private const string HoldScript = "conf.d/hold.js";
    private const string ProblemsFile = "conf.d/problems.conf";
    private const string TlsFile = "conf.d/tls.conf";
    private const string HstsFile = "conf.d/hsts.conf";
    private const string AffinityFile = "conf.d/affinity.conf";
    private const string TrustedNetworksFile = "conf.d/trusted-networks.conf";
    private const string LimitsFile = "conf.d/limits.conf";
    private const string StatusFile = "conf.d/status.conf";

    // Before, HTTP/2 is a parameter of "listen"; since, that is deprecated, with a warning at each start.
    private static readonly Version s_hasHttp2Directive = new(1, 25, 1);

    private static readonly Version s_followsNames = new(1, 27, 3);

    // Before, it was part of the commercial nginx alone.
    private static readonly Version s_hasSticky = new(1, 29, 6);

    // That of the image (DeploymentImages.Nginx), and of nginx.org's packages.
    private static readonly Version s_today = new(1, 30);

    /// <summary>The policy, valid.</summary>
    public required BalancingPolicy Policy { get; init; }

    /// <summary>How many workers nginx has. Default: one per processor of the machine, which in a container may be many more than it may
    /// use.</summary>
    public int? Workers { get; init; }

    /// <summary>The replicas, at least one.</summary>
    public required IReadOnlyList<NginxServer> Servers { get; init; }

    /// <summary>The port that nginx listens on for plain HTTP.</summary>
    public required int HttpPort { get; init; }

    /// <summary>Where it listens for HTTPS. Default: nowhere.</summary>
    public NginxHttpsListener? Https { get; init; }

    /// <summary>The address of the DNS server that says which addresses the servers' names have, again and again. Default: none; nginx
    /// asks the machine once, when it starts.</summary>
    public string? Resolver { get; init; }

    /// <summary>The absolute path of a file that gets the access log's lines as well, for a program that follows it. Default: none; they go
    /// to standard output alone.</summary>
    public string? AccessLogFile { get; init; }

    /// <summary>The port on which it answers <see cref="StatusPath"/>, and nothing else: not for clients. Default: none.</summary>
    public int? StatusPort { get; init; }

    /// <summary>The nginx that will read it: later directives are used only where it has them. Default: 1.22, the oldest one
    /// supported.</summary>
    public Version NginxVersion { get; init; } = new(1, 22);

    /// <summary>The absolute path of nginx's module njs, without which no request is held (<see cref="BalancingPolicy.Holding"/>). Default:
    /// none.</summary>
    public string? JsModule { get; init; }

    /// <summary>
    /// Whether nginx sees who the clients are: their connections reach it, or <see cref="BalancingPolicy.TrustedNetworks"/> says whom to
    /// believe. Where it does not, no client is limited, since all would be one. Default: yes.
    /// </summary>
    public bool SeesClients { get; init; } = true;

    /// <summary>nginx of today, with njs, in front of a name behind which replicas come and go.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="name">The name that has the addresses of all replicas.</param>
    /// <param name="resolver">The address of the DNS server that knows it.</param>
    /// <param name="httpPort">The port that nginx listens on for plain HTTP.</param>
    internal static NginxConfiguration Following(BalancingPolicy policy, string name, string resolver, int httpPort) =>
        new()
        {
            Policy = policy,
            Servers = [new(name, name, policy.Upstream.Port)],
            Resolver = resolver,
            HttpPort = httpPort,
            NginxVersion = s_today,
            JsModule = UsualJsModule,
        };

    /// <summary>Renders all files.</summary>
    /// <returns>Their contents by their paths below <c>/etc/nginx</c>.</returns>
    /// <exception cref="OptionsValidationException">The policy is invalid (every error is named), an address would break out of its
    /// directive, or a template was edited wrongly.</exception>
    /// <exception cref="InvalidOperationException">There is a <see cref="Resolver"/>, and nginx is older than 1.27.3.</exception>
    public IReadOnlyDictionary<string, string> Render()
    {
        PolicyValidator.ThrowIfInvalid(Policy);
        if (Resolver is not null && NginxVersion < s_followsNames)
        {
            throw new InvalidOperationException($"nginx {NginxVersion} cannot follow names: that takes {s_followsNames}.");
        }

        var values = GetValues();
        string[] files =
        [
            MainFile,
            GatewayFile,
            ProblemsFile,
            .. HasHolding ? (string[])[HoldFile, HoldLocationsFile, HoldScript] : [],
            .. HasAgain ? (string[])[AgainFile] : [],
            .. Https is null ? [] : (string[])[TlsFile],
            .. HasHsts ? (string[])[HstsFile] : [],
            .. HasAffinity ? (string[])[AffinityFile] : [],
            .. HasTrustedNetworks ? (string[])[TrustedNetworksFile] : [],
            .. HasLimits ? (string[])[LimitsFile] : [],
            .. StatusPort is null ? [] : (string[])[StatusFile],
        ];
        return files.ToDictionary(file => file, file => TextTemplate.Read($"nginx/{file}").Render(values));
    }

    private Dictionary<string, string> GetValues() =>
        new()
        {
            ["access_log_file"] = AccessLogFile is null ? "" : RenderAccessLog(AccessLogFile),
            ["status"] = StatusPort is null ? "" : $"include {StatusFile};",
            ["status_port"] = StatusPort is { } statusPort ? $"{statusPort}" : "",
            ["status_path"] = StatusPath,
            ["workers"] = Workers is { } workers ? $"{workers}" : "auto",
            ["upstream"] = Policy.Upstream.Name,
            ["algorithm"] = Policy.Algorithm switch
            {
                BalancingAlgorithm.IpHash => "ip_hash;",
                BalancingAlgorithm.CookieHash when HasSticky => RenderSticky(),
                BalancingAlgorithm.CookieHash => "hash $gateway_affinity consistent;",
                _ => "least_conn;",
            },
            ["resolver"] = Resolver is null ? "" : RenderResolver(Resolver),
            ["modules"] = HasHolding ? $"load_module {NginxText.Word(JsModule!, nameof(JsModule))};\n" : "",
            ["hold"] = HasHolding ? $"include {HoldFile};" : "",
            ["hold_time"] = $"{(long)Policy.Holding.Time.TotalMilliseconds}",
            ["hold_longest"] = $"{(long)Policy.Retries.TotalTime.TotalMilliseconds}",
            ["hold_limit"] = $"{Policy.Holding.Limit}",
            ["held_statuses"] = string.Join(' ', HeldStatuses),
            ["held_member"] = HasHolding
                ? """
                    "held":$gateway_held,
                    """
                : "",
            ["readiness_path"] = Policy.Health.Readiness.Path,
            ["no_replica_can"] =
                HasHolding ? $"error_page {string.Join(' ', HeldStatuses)} = @hold;"
                : HasAgain ? "error_page 502 = @again;"
                : "",
            ["no_replica_can_locations"] =
                HasHolding ? $"include {HoldLocationsFile};"
                : HasAgain ? $"include {AgainFile};"
                : "",
            ["servers"] = string.Join('\n', Servers.Select(RenderServer)),
            ["keepalive"] = $"{Policy.Keepalive.Connections}",
            ["keepalive_timeout"] = NginxText.Time(Policy.Keepalive.IdleTimeout),
            ["listen"] = string.Join('\n', RenderListen()),
            ["server_name"] = NginxText.Word(Policy.ServerName, nameof(Policy.ServerName)),
            ["connect_timeout"] = NginxText.Time(Policy.Timeouts.Connect),
            ["send_timeout"] = NginxText.Time(Policy.Timeouts.Send),
            ["read_timeout"] = NginxText.Time(Policy.Timeouts.Read),
            ["stream_timeout"] = NginxText.Time(Policy.Timeouts.Stream),
            ["client_timeout"] = NginxText.Time(Policy.Timeouts.Client),
            ["next_upstream"] = RenderRetryConditions(),
            ["next_upstream_tries"] = $"{Policy.Retries.Tries}",
            ["next_upstream_timeout"] = NginxText.Time(Policy.Retries.TotalTime),
            ["max_body_size"] = $"{Policy.Limits.MaxBodySize}",
            ["limits"] = HasLimits ? $"include {LimitsFile};" : "",
            ["not_limited"] = string.Join('\n', RenderNetworks().Select(network => $"{network} 0;")),
            ["connection_zone"] = HasConnectionLimit ? "limit_conn_zone $gateway_client zone=connections:10m;" : "",
            ["connection_limit"] = HasConnectionLimit ? $"limit_conn connections {Policy.Limits.ConnectionsPerClient};" : "",
            ["rate_zone"] = HasRateLimit
                ? $"limit_req_zone $gateway_client zone=clients:10m rate={Policy.Limits.RequestsPerSecond}r/s;"
                : "",
            ["rate_limit"] = HasRateLimit ? $"limit_req zone=clients{RenderBurst()};" : "",
            ["health_paths"] = NginxText.Word($"^({string.Join('|', RenderHealthPaths())})$", nameof(Policy.Health)),
            ["gateway_health_path"] = HealthPath,
            ["client_scheme"] = ClientScheme,
            ["trusted_networks"] = HasTrustedNetworks ? $"include {TrustedNetworksFile};" : "",
            ["real_ip_from"] = string.Join('\n', RenderNetworks().Select(network => $"set_real_ip_from {network};")),
            ["trusted"] = string.Join('\n', RenderNetworks().Select(network => $"{network} 1;")),
            ["hsts"] = HasHsts ? $"include {HstsFile};" : "",
            ["hsts_max_age"] = Seconds(Policy.Tls.HstsMaxAge),
            ["affinity"] = HasAffinity ? $"include {AffinityFile};" : "",
            ["cookie"] = Policy.Affinity.Cookie,
            ["max_age"] = Seconds(Policy.Affinity.Duration),
            ["tls"] = Https is null ? "" : $"include {TlsFile};",
            ["certificate"] = Https is null ? "" : NginxText.Word(Https.Certificate, "Tls:Certificate"),
            ["certificate_key"] = Https is null ? "" : NginxText.Word(Https.CertificateKey, "Tls:CertificateKey"),
            ["redirect"] = Https is { PublicPort: var port } && Policy.Tls.RedirectHttp ? RenderRedirect(port) : "",
            ["response_headers"] = string.Join('\n', RenderResponseHeaders()),
        };

    private bool HasHolding => JsModule is not null && Policy.Holds;

    // A request that is held begins anew with the addresses of now: no need for it apart.
    private bool HasAgain => Resolver is not null && !HasHolding;

    // Those after which the policy has a request sent again: nginx's own 502 and 504, and what replicas say.
    private IEnumerable<int> HeldStatuses =>
        [
            .. Policy.Retries.Conditions.Any(c => c is RetryCondition.Error or RetryCondition.InvalidHeader) ? [502] : (int[])[],
            .. Policy.Retries.Conditions.Contains(RetryCondition.Http503) ? [503] : (int[])[],
            .. Policy.Retries.Conditions.Contains(RetryCondition.Timeout) ? [504] : (int[])[],
        ];

    private bool HasRateLimit => SeesClients && Policy.Limits.RequestsPerSecond > 0;

    private bool HasConnectionLimit => SeesClients && Policy.Limits.ConnectionsPerClient > 0;

    private bool HasLimits => HasRateLimit || HasConnectionLimit;

    // Where HTTPS ends before nginx, those who may say so are trusted networks.
    private bool HasHsts =>
        Policy.Tls.HstsMaxAge > TimeSpan.Zero && (Policy.Tls.Certificate is not null || (Https is null && HasTrustedNetworks));

    private bool HasAffinity => Policy.Algorithm == BalancingAlgorithm.CookieHash && !HasSticky;

    private bool HasSticky => NginxVersion >= s_hasSticky;

    private string Secure => Https is not null && Policy.Tls.RedirectHttp ? " secure" : "";

    private bool HasTrustedNetworks => Policy.TrustedNetworks is not [];

    private string ClientScheme => HasTrustedNetworks ? "$client_scheme" : "$scheme";

    private string RenderServer(NginxServer server) =>
        $"server {NginxText.Word(server.Address, $"The address of '{server.Name}'")} "
        + $"max_fails={Policy.Failures.MaxFails} "
        + $"fail_timeout={NginxText.Time(Policy.Failures.FailTimeout)}{(Resolver is null ? "" : " resolve")};";

    // The cookie names a replica by its address, which tells those of one name apart, where a hash of the names does not. Without HTTPS for
    // all a client would not send a secure cookie back.
    private string RenderSticky() =>
        $"""
            least_conn;
            sticky cookie {Policy.Affinity.Cookie} expires={Seconds(Policy.Affinity.Duration)}s path=/ httponly samesite=lax{Secure};
            """;

    // An answer counts for a second, whatever it says itself: a new replica is used no sooner, and one that has gone is tried no longer.
    private static string RenderResolver(string address) =>
        $"""
            # Which replicas there are is asked of the resolver, anew whenever its last answer is older than this: no reload when one
            # comes or goes.
            resolver {NginxText.Word(address, "The resolver's address")} valid=1s ipv6=off;
            resolver_timeout 1s;
            """;

    // A larger buffer than for standard output: a file has no pipe that mixes lines, and each write costs the workers time.
    private static string RenderAccessLog(string file) =>
        $"access_log {NginxText.Word(file, nameof(AccessLogFile))} gateway buffer=64k flush=500ms;";

    private IEnumerable<string> RenderListen()
    {
        yield return $"listen {HttpPort};";
        if (Https is not null && NginxVersion >= s_hasHttp2Directive)
        {
            yield return $"listen {Https.Port} ssl;";
            yield return "http2 on;";
        }
        else if (Https is not null)
        {
            yield return $"listen {Https.Port} ssl http2;";
        }
    }

    private string RenderRetryConditions() =>
        Policy.Retries.Conditions is [] ? "off" : string.Join(' ', Policy.Retries.Conditions.Distinct().Select(PolicyNames.Of));

    private string RenderRedirect(int port) =>
        $$"""
            if ({{ClientScheme}} = http) {
                return 308 https://$host{{(port == 443 ? "" : $":{port}")}}$request_uri;
            }
            """;

    // An empty value sends no header.
    private IEnumerable<string> RenderResponseHeaders()
    {
        if (HasHsts)
        {
            yield return "add_header Strict-Transport-Security $gateway_hsts always;";
        }

        if (HasAffinity)
        {
            yield return "add_header Set-Cookie $gateway_affinity_cookie always;";
        }
    }

    // nginx has no burst of 0.
    private string RenderBurst() => Policy.Limits.Burst == 0 ? "" : $" burst={Policy.Limits.Burst} nodelay";

    private IEnumerable<string> RenderHealthPaths() =>
        ((string[])[Policy.Health.Liveness.Path, Policy.Health.Readiness.Path]).Distinct().Select(Regex.Escape);

    private IEnumerable<string> RenderNetworks() =>
        Policy.TrustedNetworks.Select(network => NginxText.Word(network, nameof(Policy.TrustedNetworks)));

    private static string Seconds(TimeSpan value) => $"{(long)value.TotalSeconds}";
}
