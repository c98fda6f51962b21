using System.Net;
using Microsoft.Extensions.Configuration;
using NeuroCred.ServiceDefaults.Requests;

namespace NeuroCred.Tests.ServiceDefaults;

public class GatewayForwardingTests
{
    private static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build();

    [Fact]
    public void Loopback_is_trusted_by_default_and_nothing_else()
    {
        var networks = GatewayForwarding.Parse(Configuration(), []);

        Assert.Contains(networks, network => network.Contains(IPAddress.Loopback));
        Assert.Contains(networks, network => network.Contains(IPAddress.IPv6Loopback));
        Assert.DoesNotContain(networks, network => network.Contains(IPAddress.Parse("10.0.0.1")));
    }

    [Fact]
    public void A_list_and_a_line_of_addresses_and_networks_are_read_alike()
    {
        var line = GatewayForwarding.Parse(Configuration(("ForwardedHeaders:KnownProxies", "10.0.0.7, 10.1.0.0/16")), []);
        var list = GatewayForwarding.Parse(
            Configuration(("ForwardedHeaders:KnownProxies:0", "10.0.0.7"), ("ForwardedHeaders:KnownProxies:1", "10.1.0.0/16")), []);

        Assert.Equal(line, list);
        Assert.Contains(line, network => network.Contains(IPAddress.Parse("10.1.2.3")));
        Assert.DoesNotContain(line, network => network.Contains(IPAddress.Loopback));
    }

    [Fact]
    public void Every_wrong_entry_is_named()
    {
        List<string> errors = [];

        GatewayForwarding.Parse(Configuration(("ForwardedHeaders:KnownProxies", "nginx, 10.0.0.0/99, 10.0.0.1")), errors);

        Assert.Equal(2, errors.Count);
        Assert.Contains("'nginx'", errors[0], StringComparison.Ordinal);
    }
}
