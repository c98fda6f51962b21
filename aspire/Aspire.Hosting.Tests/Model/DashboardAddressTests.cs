using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Tests.Model;

/// <summary>Where the dashboard is found.</summary>
public sealed class DashboardAddressTests
{
    [Fact]
    public void It_is_where_the_configuration_says()
    {
        var port = new FreePorts().Next();
        Assert.Equal($"http://localhost:{port}", Read($"https://localhost:1;http://localhost:{port}/").FrontendUrl);
    }

    [Fact]
    public void It_is_elsewhere_when_that_port_is_taken()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        var url = new Uri(Read($"http://localhost:{taken}").FrontendUrl);
        Assert.Equal("localhost", url.Host);
        Assert.NotEqual(taken, url.Port);
        Assert.True(FreePorts.IsFree(url.Port));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://localhost:0")]
    [InlineData("https://localhost:18888")]
    [InlineData("nonsense")]
    public void Without_a_usable_address_it_has_a_free_port(string? urls)
        => Assert.InRange(new Uri(Read(urls).FrontendUrl).Port, 1024, 32_000);

    [Fact]
    public void Its_addresses_and_keys_are_all_different()
    {
        var settings = Read(null);
        Assert.Equal(3, new[] { settings.FrontendUrl, settings.OtlpUrl, settings.ResourceServiceUrl }.Distinct().Count());
        Assert.Equal(3, new[] { settings.BrowserToken, settings.OtlpApiKey, settings.ResourceServiceApiKey }.Distinct().Count());
    }

    [Fact]
    public void It_is_off_when_the_application_says_so()
    {
        Assert.True(Read(null).IsEnabled);
        Assert.False(DashboardSettings.Read(new ConfigurationManager(), new() { DisableDashboard = true }, "test").IsEnabled);
    }

    private static DashboardSettings Read(string? urls)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("ASPNETCORE_URLS", urls)]);
        return DashboardSettings.Read(configuration, new(), "test");
    }
}
