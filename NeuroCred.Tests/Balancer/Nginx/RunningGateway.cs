using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using NeuroCred.Balancer.Nginx;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>This machine's nginx on a rendered configuration, in front of stub replicas.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly int[] _ports;
    private readonly ChildProcess _nginx;

    private RunningGateway(BalancingPolicy policy, string? jsModule, IReadOnlyList<StubReplica> replicas, int[] ports)
    {
        Replicas = replicas;
        _ports = ports;
        var configuration = new NginxConfiguration
        {
            Policy = policy,
            Servers = [.. ports.Index().Select(port => new NginxServer($"api-{port.Index + 1}", "127.0.0.1", port.Item))],
            HttpPort = HttpPort,
            Https = new(HttpsPort, HttpsPort, "tls/certificate.pem", "tls/certificate-key.pem"),
            JsModule = jsModule,
        };
        InstalledNginx.Write(_folder.Path, configuration.Render());
        _nginx = InstalledNginx.Start(_folder.Path);
        Http = CreateClient($"http://127.0.0.1:{HttpPort}");
        Https = CreateClient($"https://localhost:{HttpsPort}");
    }

    public IReadOnlyList<StubReplica> Replicas { get; }

    /// <summary>What the replicas were asked so far.</summary>
    public IEnumerable<StubRequest> Requests => Replicas.SelectMany(replica => replica.Requests);

    /// <summary>Where nginx looks for a replica, also after that has ended.</summary>
    public int PortOf(int replica) => _ports[replica];

    public int HttpPort { get; } = LocalPort.FindFree();

    public int HttpsPort { get; } = LocalPort.FindFree();

    /// <summary>A client over plain HTTP.</summary>
    public HttpClient Http { get; }

    /// <summary>A client over HTTPS, that accepts the development certificate.</summary>
    public HttpClient Https { get; }

    /// <summary>Starts nginx in front of three replicas that answer alike.</summary>
    public static Task<RunningGateway> StartAsync(RequestDelegate answer, BalancingPolicy? policy = null) =>
        StartAsync(policy, answer, answer, answer);

    /// <summary>Starts nginx in front of replicas; skips the test where there is no nginx.</summary>
    public static Task<RunningGateway> StartAsync(BalancingPolicy? policy, params RequestDelegate[] answers) =>
        StartAsync(policy, jsModule: null, answers);

    /// <summary>Starts nginx that holds requests, in front of three replicas that answer alike; skips the test where nginx has no module
    /// njs.</summary>
    public static Task<RunningGateway> StartHoldingAsync(RequestDelegate answer, BalancingPolicy? policy = null) =>
        StartAsync(policy, FindJsModule(), answer, answer, answer);

    /// <summary>Starts nginx that holds requests, in front of programs that listen on these ports of 127.0.0.1; skips the test where nginx
    /// has no module njs.</summary>
    public static Task<RunningGateway> StartHoldingAsync(params int[] ports) => StartAsync(null, FindJsModule(), [], ports);

    private static string FindJsModule()
    {
        Assert.SkipUnless(
            File.Exists(NginxConfiguration.UsualJsModule),
            "nginx's module njs is not installed: ./setup.sh installs it where the distribution has it."
        );
        return NginxConfiguration.UsualJsModule;
    }

    private static async Task<RunningGateway> StartAsync(BalancingPolicy? policy, string? jsModule, params RequestDelegate[] answers)
    {
        var replicas = await Task.WhenAll(answers.Index().Select(answer => StubReplica.StartAsync($"api-{answer.Index + 1}", answer.Item)));
        return await StartAsync(policy, jsModule, replicas, [.. replicas.Select(replica => replica.Port)]);
    }

    /// <summary>Starts nginx in front of programs that listen on these ports of 127.0.0.1; skips the test where there is no
    /// nginx.</summary>
    public static Task<RunningGateway> StartAsync(params int[] ports) => StartAsync(null, jsModule: null, [], ports);

    private static async Task<RunningGateway> StartAsync(
        BalancingPolicy? policy,
        string? jsModule,
        IReadOnlyList<StubReplica> replicas,
        int[] ports
    )
    {
        Assert.SkipWhen(InstalledNginx.Path is null, "nginx is not installed: ./setup.sh installs it.");
        var gateway = new RunningGateway(policy ?? new(), jsModule, replicas, ports);
        await Until.HoldsAsync(
            () => LocalPort.IsListening(gateway.HttpPort) && LocalPort.IsListening(gateway.HttpsPort),
            s_deadline,
            () => gateway._nginx.Output
        );
        return gateway;
    }

    /// <summary>Ends all replicas.</summary>
    public async Task StopReplicasAsync()
    {
        foreach (var replica in Replicas)
        {
            await replica.DisposeAsync();
        }
    }

    /// <summary>The access log's line of a request, as JSON.</summary>
    public async Task<JsonElement> FindLogAsync(string requestId)
    {
        string? line = null;
        await Until.HoldsAsync(
            () =>
                (line = _nginx.Lines.FirstOrDefault(l => l.StartsWith('{') && l.Contains(requestId, StringComparison.Ordinal))) is not null,
            s_deadline,
            () => $"{requestId} is not in the log:\n{_nginx.Output}"
        );
        return JsonDocument.Parse(line!).RootElement;
    }

    /// <summary>A connection on which a test writes what it likes.</summary>
    public RawConnection Connect(string from = "127.0.0.1") => new(HttpPort, from);

    /// <summary>A client over plain HTTP with another address (of 127.0.0.0/8), that makes a connection for each request.</summary>
    public HttpClient CreateClientAt(string address) =>
        new(
            new SocketsHttpHandler
            {
                PooledConnectionLifetime = TimeSpan.Zero,
                UseProxy = false,
                ConnectCallback = async (context, cancellation) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                    await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new($"http://127.0.0.1:{HttpPort}"),
            Timeout = s_deadline,
        };

    /// <summary>Accepts the gateway's own certificate.</summary>
    public RemoteCertificateValidationCallback Accepts => SelfSignedCertificate.Accepting($"{_folder.Path}/tls/certificate.pem");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Https.Dispose();
        // The master alone, politely: its workers end with it.
        await _nginx.EndAsync(UnixSignal.Terminate).WaitAsync(s_deadline);
        await _nginx.DisposeAsync();
        await StopReplicasAsync();
        _folder.Dispose();
    }

    private HttpClient CreateClient(string address) =>
        new(
            new SocketsHttpHandler
            {
                ActivityHeadersPropagator = null, // no trace header but the test's own
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                SslOptions = { RemoteCertificateValidationCallback = Accepts },
            }
        )
        {
            BaseAddress = new(address),
            Timeout = s_deadline,
            DefaultRequestHeaders = { { "X-API-Key", "a key of the right form" } },
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
}
