using NeuroCred.Balancer.Nginx;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>This machine's nginx in front of some replicas, and a monitor that follows it and some replicas, which need not be the
/// same.</summary>
internal sealed class DiagnosedGateway : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = LocalPort.FindFree();
    private readonly int _statusPort = LocalPort.FindFree();
    private readonly BalancingPolicy _policy;
    private ChildProcess? _nginx;
    private ProgramProcess? _monitor;

    private DiagnosedGateway(BalancingPolicy policy) => _policy = policy;

    /// <summary>Its address.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>The monitor's address.</summary>
    public Uri Monitor => _monitor!.Address;

    /// <summary>Starts nginx and a monitor; skips the test where there is no nginx.</summary>
    /// <param name="policy">What to balance by.</param>
    /// <param name="servers">The replicas that nginx knows.</param>
    /// <param name="monitored">The replicas that the monitor knows.</param>
    /// <param name="settings">Settings of the monitor.</param>
    public static async Task<DiagnosedGateway> StartAsync(
        BalancingPolicy policy,
        IReadOnlyList<NginxServer> servers,
        IReadOnlyList<NginxServer> monitored,
        params (string Key, string Value)[] settings
    )
    {
        Assert.SkipWhen(InstalledNginx.Path is null, "nginx is not installed: ./setup.sh installs it.");
        var gateway = new DiagnosedGateway(policy);
        await gateway.RestartAsync(servers);
        gateway._monitor = await ProgramProcess.StartAsync(
            "NeuroCred.Monitor",
            "monitor",
            new Dictionary<string, string>([
                new("Monitor:AccessLog", gateway.LogFile),
                new("Monitor:GatewayStatus", $"http://127.0.0.1:{gateway._statusPort}{NginxConfiguration.StatusPath}"),
                .. monitored
                    .Index()
                    .SelectMany(m =>
                        (KeyValuePair<string, string>[])
                            [
                                new($"Monitor:Replicas:{m.Index}:Name", m.Item.Name),
                                new($"Monitor:Replicas:{m.Index}:Url", $"http://127.0.0.1:{m.Item.Port}"),
                                new($"Monitor:Replicas:{m.Index}:ManagementUrl", $"http://127.0.0.1:{m.Item.Port}"),
                            ]
                    ),
                .. settings.Select(s => new KeyValuePair<string, string>(s.Key, s.Value)),
            ])
        );
        return gateway;
    }

    /// <summary>Starts nginx, anew if it ran, in front of other replicas.</summary>
    public async Task RestartAsync(IReadOnlyList<NginxServer> servers)
    {
        await StopAsync();
        InstalledNginx.Write(
            _folder.Path,
            new NginxConfiguration
            {
                Policy = _policy with { Limits = OneAddress.Policy.Limits },
                Servers = servers,
                HttpPort = _port,
                AccessLogFile = LogFile,
                StatusPort = _statusPort,
                Workers = 1,
            }.Render()
        );
        _nginx = InstalledNginx.Start(_folder.Path);
        await Until.HoldsAsync(() => LocalPort.IsListening(_port), s_deadline, () => "nginx does not listen.");
    }

    /// <summary>Stops nginx if it runs.</summary>
    public async Task StopAsync()
    {
        if (_nginx is { } nginx)
        {
            // The master alone, politely: its workers end with it.
            await nginx.EndAsync(UnixSignal.Terminate).WaitAsync(s_deadline);
            await nginx.DisposeAsync();
            _nginx = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_monitor?.DisposeAsync() ?? default);
        await StopAsync();
        _folder.Dispose();
    }

    private string LogFile => Path.Combine(_folder.Path, "access.log");
}
