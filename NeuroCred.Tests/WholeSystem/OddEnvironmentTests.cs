using System.Net.Sockets;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The system starts whatever the shell has set, or the first line says what to mend.</summary>
[StartsProcesses]
public sealed partial class OddEnvironmentTests
{
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(3);

    // Nobody listens there.
    private const string DeadProxy = "http://127.0.0.1:9";

    [Fact]
    public Task It_serves_with_a_proxy_without_a_home_and_with_addresses_for_other_programs_and_leaves_nothing() =>
        NothingIsLeftBehind.AssertAfterAsync(
            new(
                new()
                {
                    ["HTTPS_PROXY"] = DeadProxy,
                    ["HTTP_PROXY"] = DeadProxy,
                    ["ALL_PROXY"] = DeadProxy,
                    ["NO_PROXY"] = null,
                    ["HOME"] = null,
                    ["URLS"] = "http://localhost:9",
                    ["DOTNET_URLS"] = "http://localhost:9",
                    ["ASPNETCORE_HTTP_PORTS"] = "9",
                },
                NothingIsLeftBehind.Arguments
            ),
            (appHost, _) => appHost.Signal(UnixSignal.Interrupt),
            exitCode: 0,
            servesAsync: AssertServesAsync
        );

    [Fact]
    public async Task A_temporary_folder_that_is_not_there_is_named_with_all_other_mistakes_and_without_a_stack_trace()
    {
        await using var appHost = new AppHostProcess(
            new() { ["TMPDIR"] = "/nowhere" },
            [.. NothingIsLeftBehind.Arguments, "--Supervisor:Enabled=perhaps"]
        );

        Assert.Equal(1, await appHost.WaitForExitAsync(s_start));
        Assert.Contains("TMPDIR is '/nowhere/', where no folder can be made: set it", appHost.Output, StringComparison.Ordinal);
        Assert.Contains("Supervisor:Enabled is 'perhaps'", appHost.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_named_with_its_setting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var appHost = new AppHostProcess([.. NothingIsLeftBehind.Arguments, $"--Monitor:Port={port}"]);

        Assert.Equal(1, await appHost.WaitForExitAsync(s_start));
        Assert.Contains(
            $"Port {port}, for 'monitor', is in use by another program: stop that one, or give another Monitor:Port.",
            appHost.Output,
            StringComparison.Ordinal
        );
    }

    private static async Task AssertServesAsync(AppHostProcess appHost)
    {
        var port = int.Parse(GatewayAddress().Match(appHost.Output).Groups[1].Value);

        // `localhost` leads to either, and clients differ in which they try first.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var host in Dns.GetHostAddresses("localhost").Select(a => a.ToString()).Append("127.0.0.1").Distinct())
        {
            var address = new UriBuilder("http", host, port, "/health").Uri;
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address, Cancellation)).StatusCode);
        }

        Assert.DoesNotContain(ProcessTable.Find(appHost.Marker), ProcessTable.WatchesFiles);
    }

    [GeneratedRegex(@"NeuroCred serves at http://localhost:(\d+)")]
    private static partial Regex GatewayAddress();
}
