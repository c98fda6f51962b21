using System.Net.Http.Json;
using CliWrap;

namespace NeuroCred.Tests.Telemetry;

/// <summary>This machine's Prometheus, on a free port with throw-away data.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private PrometheusServer(string program, string configuration)
    {
        _folder.Write("prometheus.yml", configuration);
        File.Copy(Path.Combine(MonitoringFiles.PrometheusFolder, "rules.yml"), _folder.At("rules.yml"));
        var address = $"127.0.0.1:{LocalPort.FindFree()}";
        _process = new(
            Cli.Wrap(program)
                .WithWorkingDirectory(_folder.Path)
                .WithArguments([
                    "--config.file=prometheus.yml",
                    "--storage.tsdb.path=data",
                    $"--web.listen-address={address}",
                    "--log.level=error",
                ])
        );
        _http = new() { BaseAddress = new($"http://{address}"), Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>Starts it; skips the test where there is none.</summary>
    public static PrometheusServer Start(string configuration)
    {
        var program = Tool.Find("prometheus");
        Assert.SkipWhen(program is null, "Prometheus is not installed: ./setup.sh --tests installs it.");
        return new(program, configuration);
    }

    /// <summary>The values of a query's series by a label of theirs; none while the server is not there yet.</summary>
    public async Task<IReadOnlyDictionary<string, double>> QueryAsync(string query, string label)
    {
        try
        {
            var answer = await _http.GetFromJsonAsync<JsonElement>($"/api/v1/query?query={Uri.EscapeDataString(query)}", Cancellation);
            return answer
                .GetProperty("data")
                .GetProperty("result")
                .EnumerateArray()
                .ToDictionary(
                    series => series.GetProperty("metric").TryGetProperty(label, out var value) ? value.GetString()! : "",
                    series => double.Parse(series.GetProperty("value")[1].GetString()!)
                );
        }
        catch (HttpRequestException)
        {
            return new Dictionary<string, double>();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }
}
