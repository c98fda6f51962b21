using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuroCred.ServiceDefaults;
using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.ServiceDefaults.Management;
using NeuroCred.Settings;

namespace NeuroCred.Tests.ServiceDefaults;

/// <summary>What operators and Prometheus ask for is on a port that no client reaches.</summary>
public sealed class ManagementPortTests : IAsyncLifetime
{
    private readonly int _port = LocalPort.FindFree();
    private readonly int _management = LocalPort.FindFree();
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = Build($"http://127.0.0.1:{_port}", _management);
        await _app.StartAsync(Cancellation);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/METRICS/")]
    [InlineData("GET", "/%6detrics")]
    [InlineData("GET", "/./metrics")]
    [InlineData("GET", "/x/../metrics")]
    [InlineData("GET", "/x/%2e%2e/metrics")]
    [InlineData("PUT", "/drain")]
    [InlineData("DELETE", "/%64rain")]
    [InlineData("GET", "/drain")] // not 405, which would tell that there is something
    public async Task The_port_for_clients_has_no_such_route_however_it_is_spelled(string method, string path)
    {
        Assert.Equal(404, await SendAsync(_port, method, path, $"127.0.0.1:{_port}"));
        Assert.Equal(404, await SendAsync(_port, method, path, $"127.0.0.1:{_management}"));
    }

    [Theory]
    [InlineData("GET", "/metrics", 200)]
    [InlineData("PUT", "/drain", 200)]
    [InlineData("GET", "/drain", 405)]
    [InlineData("GET", "/health", 200)]
    public async Task The_management_port_has_them_whatever_host_the_caller_names(string method, string path, int status) =>
        Assert.Equal(status, await SendAsync(_management, method, path, "api.example.org"));

    [Fact]
    public async Task Health_stays_where_balancers_ask_for_it()
    {
        Assert.Equal(200, await SendAsync(_port, "GET", "/health", "x"));
        Assert.Equal(200, await SendAsync(_port, "GET", "/health/ready", "x"));
    }

    [Fact]
    public async Task It_listens_on_the_hosts_of_the_other_port_and_on_no_more()
    {
        var management = LocalPort.FindFree();
        await using var app = Build($"http://127.0.0.2:{LocalPort.FindFree()};http://127.0.0.3:{LocalPort.FindFree()}", management);
        await app.StartAsync(Cancellation);

        Assert.Equal([false, true, true], ((string[])["127.0.0.1", "127.0.0.2", "127.0.0.3"]).Select(host => Listens(host, management)));
    }

    [Theory]
    [InlineData("127.0.0.2 127.0.0.3", "127.0.0.2 127.0.0.3")]
    [InlineData("* 0.0.0.0 [::] api.example.org + localhost", "*")]
    [InlineData("localhost 127.0.0.1 [::1] LOCALHOST", "localhost")]
    [InlineData("[::1] 127.0.0.1", "[::1] 127.0.0.1")]
    public void Names_of_one_address_take_the_port_once(string hosts, string once) =>
        Assert.Equal(once.Split(' '), ManagementPort.Merge(hosts.Split(' ')));

    [Fact]
    public void Addresses_that_Kestrel_would_prefer_to_it_are_refused_with_the_fix()
    {
        var builder = WebApplication.CreateSlimBuilder(["--Kestrel:Endpoints:Public:Url", "http://*:9091"]);
        var settings = new SettingsReader(builder.Configuration);

        builder.UseManagementPort(9091, settings);

        Assert.StartsWith("Kestrel:Endpoints cannot be used beside", Assert.Single(settings.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("http://*:9091")]
    public void What_is_no_port_is_named_with_the_fix(string port)
    {
        var builder = WebApplication.CreateSlimBuilder(["--Management:Port", port]);

        var settings = new SettingsReader(builder.Configuration);

        builder.UseManagementPort(9091, settings);

        Assert.Equal([$"Management:Port is '{port}': give a port, 1 to 65535."], settings.Errors);
    }

    [Fact]
    public async Task It_cannot_be_the_port_for_clients()
    {
        var port = LocalPort.FindFree();
        await using var app = Build($"http://127.0.0.1:{port}", port);

        var error = Assert.Single((await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(Cancellation))).Failures);

        Assert.StartsWith($"Management:Port is {port}, ", error, StringComparison.Ordinal);
    }

    private static WebApplication Build(string urls, int management)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.Logging.ClearProviders();
        var settings = new SettingsReader(builder.Configuration);
        builder.UseManagementPort(management, settings);
        builder.AddServiceDefaults(settings);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapDrain();
        return app;
    }

    private static bool Listens(string host, int port)
    {
        try
        {
            using var client = new TcpClient(host, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // By hand: an HTTP client would tidy up the path.
    private static async Task<int> SendAsync(int port, string method, string path, string host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
            Cancellation
        );
        using var reader = new StreamReader(stream);
        return int.Parse((await reader.ReadLineAsync(Cancellation))!.Split(' ')[1]);
    }
}
