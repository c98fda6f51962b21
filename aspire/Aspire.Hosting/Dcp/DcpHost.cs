using System.Diagnostics;
using System.Globalization;
using k8s;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// The orchestrator's process. It watches the AppHost's process, stops everything it started when that one ends for
/// whatever reason, and removes its session folder last: so whatever is temporary lives in that folder.
/// </summary>
internal sealed partial class DcpHost(ILogger<DcpHost> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(10);

    private string? _sessionFolder;
    private DcpClient? _client;

    /// <summary>The folder of this run.</summary>
    internal string SessionFolder => _sessionFolder ?? throw new InvalidOperationException("The orchestrator is not started.");

    /// <summary>The orchestrator's API.</summary>
    internal DcpClient Client => _client ?? throw new InvalidOperationException("The orchestrator is not started.");

    /// <summary>Whether the orchestrator has ended although nobody told it to.</summary>
    internal bool IsLost { get; set; }

    /// <summary>Starts the orchestrator. That takes about a second, and is not cancelled half-way: it could not be told to end then.</summary>
    internal async Task StartAsync(AspireBundle bundle)
    {
        // Others may pass through, not look: a stand-in that drops its privileges has its data below.
        _sessionFolder = Directory.CreateTempSubdirectory("aspire-").FullName;
        File.SetUnixFileMode(_sessionFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var kubeconfig = Path.Combine(_sessionFolder, "kubeconfig");
        var start = new ProcessStartInfo(bundle.Dcp)
        {
            WorkingDirectory = _sessionFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "start-apiserver",
                "--monitor", Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
                "--monitor-interval", "1",
                "--detach",
                "--kubeconfig", kubeconfig,
            },
        };
        RemovePrivateVariables(start.Environment);
        start.Environment["DCP_SESSION_FOLDER"] = _sessionFolder;

        try
        {
            using var launcher = Process.Start(start) ?? throw new DistributedApplicationException($"'{bundle.Dcp}' could not be started.");
            var errors = launcher.StandardError.ReadToEndAsync();
            await launcher.WaitForExitAsync().ConfigureAwait(false);
            if (launcher.ExitCode != 0)
            {
                throw new DistributedApplicationException($"The orchestrator '{bundle.Dcp}' ended with exit code {launcher.ExitCode}: {await errors.ConfigureAwait(false)}");
            }

            await WaitForFileAsync(kubeconfig).ConfigureAwait(false);
            var configuration = await KubernetesClientConfiguration.BuildConfigFromConfigFileAsync(new FileInfo(kubeconfig)).ConfigureAwait(false);
            configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
            _client = new(new Kubernetes(configuration));
            await _client.WaitUntilReadyAsync(s_startTimeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is { } client)
        {
            _client = null;
            if (!IsLost)
            {
                await StopServerAsync(client).ConfigureAwait(false);
            }

            client.Dispose();
        }

        if (_sessionFolder is { } folder)
        {
            _sessionFolder = null;
            await WaitForRemovalAsync(folder).ConfigureAwait(false);
        }
    }

    private async Task StopServerAsync(DcpClient client)
    {
        try
        {
            await client.StopServerAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            StopFailed(logger, e.Message);
        }
    }

    /// <summary>DCP removes its folder as the last thing it does; until then its processes may still be ending. A DCP that is gone leaves it.</summary>
    private async Task WaitForRemovalAsync(string folder)
    {
        var waited = Stopwatch.StartNew();
        while (Directory.Exists(folder) && waited.Elapsed < s_stopTimeout && !IsLost)
        {
            await Task.Delay(20).ConfigureAwait(false);
        }

        if (!Directory.Exists(folder))
        {
            return;
        }

        FolderLeft(logger, folder);
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RemovalFailed(logger, folder, e.Message);
        }
    }

    /// <summary>What was meant for the AppHost alone must not reach the processes it starts: its addresses, keys and parameters.</summary>
    private static void RemovePrivateVariables(IDictionary<string, string?> environment)
    {
        string[] prefixes = ["ASPNETCORE_", "ASPIRE_", "DOTNET_LAUNCH_PROFILE", "DOTNET_DASHBOARD_", "DOTNET_RESOURCE_SERVICE_", "OTEL_", "Parameters__", "ConnectionStrings__"];
        foreach (var name in environment.Keys.Where(k => prefixes.Any(p => k.StartsWith(p, StringComparison.OrdinalIgnoreCase))).ToArray())
        {
            environment.Remove(name);
        }
    }

    private static async Task WaitForFileAsync(string path)
    {
        var waited = Stopwatch.StartNew();
        while (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            if (waited.Elapsed > s_startTimeout)
            {
                throw new DistributedApplicationException($"The orchestrator did not write '{path}' within {s_startTimeout.TotalSeconds:0} s.");
            }

            await Task.Delay(10).ConfigureAwait(false);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The orchestrator could not be told to stop: {Reason}")]
    private static partial void StopFailed(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "The folder {Folder} could not be removed: {Reason}")]
    private static partial void RemovalFailed(ILogger logger, string folder, string reason);

    [LoggerMessage(LogLevel.Warning, "The orchestrator left its folder {Folder}; it is removed now.")]
    private static partial void FolderLeft(ILogger logger, string folder);
}
