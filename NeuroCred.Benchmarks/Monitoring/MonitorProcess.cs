using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NeuroCred.Benchmarks.Cost;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Monitoring;

/// <summary>The monitor as a process of its own.</summary>
internal sealed partial class MonitorProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly HttpClient _http;

    private MonitorProcess(Process process, Uri address)
    {
        _process = process;
        _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
    }

    /// <summary>Starts it, and waits until it serves.</summary>
    /// <exception cref="TimeoutException">It does not serve in time.</exception>
    public static async Task<MonitorProcess> StartAsync(string log, Uri status, IReadOnlyList<Uri> servers, CancellationToken cancellationToken)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LocalPort.FindFree()}"));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "NeuroCred.Monitor.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["Monitor__AccessLog"] = log,
                ["Monitor__GatewayStatus"] = status.ToString(),
            },
        };
        foreach (var (i, server) in servers.Index())
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"Monitor__Replicas__{i}__");
            start.Environment[key + "Name"] = string.Create(CultureInfo.InvariantCulture, $"server-{i + 1}");
            start.Environment[key + "Url"] = server.ToString();
            start.Environment[key + "ManagementUrl"] = server.ToString();
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var monitor = new MonitorProcess(process, address);
        try
        {
            await monitor.WaitUntilServingAsync(cancellationToken);
            return monitor;
        }
        catch
        {
            await monitor.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it has used and read so far.</summary>
    public async Task<MonitorUse> ReadAsync(CancellationToken cancellationToken)
    {
        var metrics = await _http.GetStringAsync("/metrics", cancellationToken);
        long Lines(string result) => Line().Matches(metrics).Where(m => m.Groups["result"].Value == result).Sum(m => long.Parse(m.Groups["lines"].ValueSpan, CultureInfo.InvariantCulture));
        var use = ProcessUse.Read(_process.Id);
        return new(use.CpuSeconds, use.ResidentBytes, Lines("read"), Lines("unparsed") + Lines("lost"));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitUntilServingAsync(CancellationToken cancellationToken)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken))
        {
            try
            {
                using var response = await _http.GetAsync("/health", cancellationToken);
                response.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException e) when (_process.HasExited || waited.Elapsed > s_start)
            {
                throw new TimeoutException($"The monitor does not serve: {e.Message}", e);
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
        }
    }

    [GeneratedRegex("""^neurocred_gateway_log_lines_total\{[^}]*result="(?<result>\w+)"[^}]*\} (?<lines>\d+)""", RegexOptions.Multiline)]
    private static partial Regex Line();
}

/// <summary>What a monitor has used and read since its start.</summary>
internal readonly record struct MonitorUse(double CpuSeconds, long ResidentBytes, long Lines, long Missed);
