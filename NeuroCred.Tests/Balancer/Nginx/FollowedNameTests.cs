using System.Collections.Concurrent;
using System.Net.Sockets;
using CliWrap;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using NeuroCred.Balancer.Deployment;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Tests.Balancer.Engine;

namespace NeuroCred.Tests.Balancer.Nginx;

/// <summary>nginx as Render and AWS run it, with the replicas' one name: addresses of 127.0.0.0/8, by a DNS that changes. A distribution's
/// nginx is too old for that, so it is a container.</summary>
[Collection(OneEngine.Name)]
[StartsProcesses]
public sealed class FollowedNameTests : IAsyncLifetime
{
    private const int Clients = 8;

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(2);

    private readonly string _container = $"neurocred-test-{Guid.NewGuid():N}";
    private readonly StubDns _dns = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, TestHost> _replicas = [];
    private readonly ConcurrentBag<string> _servedBy = [];
    private readonly ConcurrentBag<string> _failures = [];
    private readonly int _replicaPort = LocalPort.FindFree();
    private readonly int _port = LocalPort.FindFree();
    private readonly int _statusPort = LocalPort.FindFree();
    private long _slowest;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await EndAsync([.. _replicas.Keys]);
        await _dns.DisposeAsync();
        if (Directory.Exists(Path.Combine(_folder.Path, "conf.d")))
        {
            await DockerEngine.RunAsync("rm", "--force", _container);
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Replicas_that_come_and_go_cost_no_request_however_late_DNS_learns_of_it()
    {
        await using var nginx = await StartAsync();
        await BeginAsync("127.0.0.11", "127.0.0.12", "127.0.0.13");
        _dns.Give(_replicas.Keys);
        using var http = await ConnectAsync(nginx);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var calling = Enumerable.Range(0, Clients).Select(i => CallAsync(http, i, enough.Token)).ToArray();
        await Task.Delay(s_moment, Cancellation);

        // Killed: DNS still has it.
        await EndAsync("127.0.0.11");
        await Task.Delay(s_moment, Cancellation);
        // Its machine is gone as well: nobody refuses a connection.
        using var nobody = new Unanswering("127.0.0.11", _replicaPort);
        await Task.Delay(s_moment, Cancellation);
        // An update: as many new ones, and the old ones go when DNS has just forgotten them.
        string[] old = [.. _replicas.Keys];
        await BeginAsync("127.0.0.14", "127.0.0.15", "127.0.0.16");
        _dns.Give([.. old, "127.0.0.11", "127.0.0.14", "127.0.0.15", "127.0.0.16"]);
        await Task.Delay(s_moment, Cancellation);
        _dns.Give("127.0.0.14", "127.0.0.15", "127.0.0.16");
        await EndAsync(old);
        await Task.Delay(s_moment, Cancellation);
        // Each answer has others, as Route 53's have where there are more than eight.
        foreach (var missing in (int[])[14, 15, 16, 14, 15, 16])
        {
            _dns.Give(_replicas.Keys.Where(address => !address.EndsWith($"{missing}", StringComparison.Ordinal)));
            await Task.Delay(s_moment / 4, Cancellation);
        }

        // All killed at once. For two seconds DNS knows nobody else.
        await BeginAsync("127.0.0.17");
        await EndAsync("127.0.0.14", "127.0.0.15", "127.0.0.16");
        await Task.Delay(s_moment, Cancellation);
        _dns.Give("127.0.0.17");
        await Until.HoldsAsync(() => _servedBy.Contains("127.0.0.17"), s_deadline, () => nginx.Output);

        await enough.CancelAsync();
        await Task.WhenAll(calling);
        TestContext.Current.SendDiagnosticMessage(
            "{0} requests, {1} failed, the slowest took {2:F1} s",
            _servedBy.Count + _failures.Count,
            _failures.Count,
            Stopwatch.GetElapsedTime(0, _slowest).TotalSeconds
        );
        Assert.Empty(_failures);
        Assert.Equal(Enumerable.Range(11, 7).Select(i => $"127.0.0.{i}"), _servedBy.Distinct().Order());
    }

    private async Task<ChildProcess> StartAsync()
    {
        await DockerEngine.RequireAsync();
        const string folder = $"{GatewayService.Folder}/nginx/";
        InstalledNginx.Write(
            _folder.Path,
            GatewayService
                .Render(new() { Upstream = new() { Port = _replicaPort } }, [], seesClients: false)
                .Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal))
                .ToDictionary(
                    file => file.Path[folder.Length..],
                    // What start.sh fills in.
                    file =>
                        file.Content.Replace("resolver dns ", $"resolver 127.0.0.1:{_dns.Port} ", StringComparison.Ordinal)
                            .Replace("server api:", "server api.example.org:", StringComparison.Ordinal)
                            .Replace($"listen {GatewayService.Port};", $"listen 127.0.0.1:{_port};", StringComparison.Ordinal)
                            .Replace($"listen {DeployedMonitor.StatusPort};", $"listen 127.0.0.1:{_statusPort};", StringComparison.Ordinal)
                            .Replace(DeployedMonitor.AccessLog, "access.log", StringComparison.Ordinal)
                )
        );
        return new(
            Cli.Wrap("docker")
                .WithArguments([
                    "run",
                    "--rm",
                    "--name",
                    _container,
                    "--network",
                    "host",
                    "--volume",
                    $"{_folder.Path}:{_folder.Path}",
                    "--entrypoint",
                    "nginx",
                    DockerEngine.Nginx,
                    .. InstalledNginx.Arguments(_folder.Path),
                ])
        );
    }

    private async Task<HttpClient> ConnectAsync(ChildProcess nginx)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new($"http://127.0.0.1:{_port}"),
            Timeout = s_deadline,
            DefaultRequestHeaders = { { "X-API-Key", "a key of the right form" } },
        };
        await Until.HoldsAsync(() => LocalPort.IsListening(_port), s_deadline, () => nginx.Output);
        return http;
    }

    private async Task BeginAsync(params string[] addresses)
    {
        foreach (var address in addresses)
        {
            _replicas[address] = await TestHost.StartAsync(
                builder => builder.WebHost.UseUrls($"http://{address}:{_replicaPort}"),
                app => app.Run(context => context.Response.WriteAsync(address))
            );
        }
    }

    private async Task EndAsync(params string[] addresses)
    {
        foreach (var address in addresses)
        {
            _replicas.Remove(address, out var replica);
            await replica!.DisposeAsync();
        }
    }

    // Half of them POST. A client never sends a request again.
    private async Task CallAsync(HttpClient http, int number, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            using var response =
                number % 2 == 0
                    ? await http.GetAsync("/api/score", Cancellation)
                    : await http.PostAsync("/api/score", new StringContent("{}"), Cancellation);
            (response.StatusCode == HttpStatusCode.OK ? _servedBy : _failures).Add(await response.Content.ReadAsStringAsync(Cancellation));
            InterlockedMax(ref _slowest, Stopwatch.GetTimestamp() - begun);
            await Task.Delay(10, Cancellation);
        }
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    /// <summary>An address at which connections are neither accepted nor refused: its one place in the queue is taken.</summary>
    private sealed class Unanswering : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Socket _waiting = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public Unanswering(string address, int port)
        {
            _listener.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            _listener.Listen(0);
            _waiting.Connect(address, port);
        }

        public void Dispose()
        {
            _waiting.Dispose();
            _listener.Dispose();
        }
    }
}
