namespace NeuroCred.Tests.Monitor;

/// <summary>What the monitor writes to its log, which some platforms charge for.</summary>
[StartsProcesses]
public sealed class LoggingTests
{
    [Fact]
    public async Task The_requests_of_its_watchdog_are_not_logged()
    {
        using var folder = new TemporaryFolder();
        await using var monitor = await ProgramProcess.StartAsync(
            "NeuroCred.Monitor",
            "monitor",
            new Dictionary<string, string>
            {
                ["Monitor:AccessLog"] = folder.At("access.log"),
                ["Monitor:GatewayStatus"] = "http://127.0.0.1:9/nginx-status",
                ["Monitor:Discovery:Url"] = "http://replicas.invalid:4000",
                ["Monitor:Discovery:ManagementUrl"] = "http://replicas.invalid:9091",
            }
        );
        using var http = new HttpClient();

        for (var i = 0; i < 3; i++)
        {
            await http.GetStringAsync(new Uri(monitor.Address, "/health"), Cancellation);
        }

        // Its last line comes after those of the requests, if there are any.
        await monitor.EndAsync();

        Assert.Contains("Application is shutting down", monitor.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/health", monitor.Output, StringComparison.Ordinal);
    }
}
