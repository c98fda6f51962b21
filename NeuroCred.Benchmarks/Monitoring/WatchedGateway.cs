using System.Globalization;
using NeuroCred.Balancer.Nginx;
using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Monitoring;

/// <summary>nginx with the configuration that NeuroCred renders, whose access log goes one of the ways.</summary>
internal sealed class WatchedGateway : IAsyncDisposable
{
    private const string StandardLog = "access_log /dev/stdout gateway ";

    private readonly PeerProcess _nginx;
    private readonly DirectoryInfo _folder;
    private readonly DatagramReceiver? _receiver;

    private WatchedGateway(PeerProcess nginx, MonitorProcess? monitor, DatagramReceiver? receiver, DirectoryInfo folder)
        => (_nginx, Monitor, _receiver, _folder) = (nginx, monitor, receiver, folder);

    /// <summary>Where clients reach it.</summary>
    public Uri Address => _nginx.Address;

    /// <summary>The monitor, where there is one.</summary>
    public MonitorProcess? Monitor { get; }

    /// <summary>Starts nginx, and who reads its log.</summary>
    public static async Task<WatchedGateway> OpenAsync(LogWay way, IReadOnlyList<Uri> servers, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("neurocred-benchmark-log-");
        var receiver = way == LogWay.Datagrams ? new DatagramReceiver() : null;
        var (port, statusPort) = (LocalPort.FindFree(), LocalPort.FindFree());
        var log = Path.Combine(folder.FullName, "access.log");
        var configuration = new NginxConfiguration
        {
            Policy = OneAddress.Policy,
            Servers = [.. servers.Select((server, i) => new NginxServer($"server {i + 1}", server.Host, server.Port))],
            HttpPort = port,
            AccessLogFile = way is LogWay.File or LogWay.FileAndMonitor ? log : null,
            StatusPort = statusPort,
        };
        var files = configuration.Render().ToDictionary(f => f.Key, f => receiver is null ? f.Value : f.Value.Replace(
            StandardLog,
            string.Create(CultureInfo.InvariantCulture, $"access_log syslog:server=127.0.0.1:{receiver.Port} gateway;\n    {StandardLog}"),
            StringComparison.Ordinal));
        var nginx = await PeerProcess.StartAsync(port, files, PeerGateways.NginxCommand, cancellationToken);
        var monitor = way == LogWay.FileAndMonitor
            ? await MonitorProcess.StartAsync(log, new($"http://127.0.0.1:{statusPort}{NginxConfiguration.StatusPath}"), servers, cancellationToken)
            : null;
        return new(nginx, monitor, receiver, folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (Monitor is not null)
        {
            await Monitor.DisposeAsync();
        }

        await _nginx.DisposeAsync();
        _receiver?.Dispose();
        _folder.Delete(recursive: true);
    }
}
