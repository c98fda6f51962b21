using NeuroCred.ServiceDefaults.Requests;

namespace NeuroCred.Tests.ServiceDefaults;

public class GatewayForwardingTests
{
    [Fact]
    public void Loopback_is_trusted_by_default_and_nothing_else()
    {
        var networks = GatewayForwarding.Read(GivenSettings.Of());

        Assert.Contains(networks, network => network.Contains(IPAddress.Loopback));
        Assert.Contains(networks, network => network.Contains(IPAddress.IPv6Loopback));
        Assert.DoesNotContain(networks, network => network.Contains(IPAddress.Parse("10.0.0.1")));
    }

    [Fact]
    public void A_list_and_a_line_of_addresses_and_networks_are_read_alike()
    {
        var line = GatewayForwarding.Read(GivenSettings.Of(("ForwardedHeaders:KnownProxies", "10.0.0.7, 10.1.0.0/16")));
        var list = GatewayForwarding.Read(
            GivenSettings.Of(("ForwardedHeaders:KnownProxies:0", "10.0.0.7"), ("ForwardedHeaders:KnownProxies:1", "10.1.0.0/16"))
        );

        Assert.Equal(line, list);
        Assert.Contains(line, network => network.Contains(IPAddress.Parse("10.1.2.3")));
        Assert.DoesNotContain(line, network => network.Contains(IPAddress.Loopback));
    }

    [Fact]
    public void Every_wrong_entry_is_named()
    {
        var settings = GivenSettings.Of(("ForwardedHeaders:KnownProxies", "nginx, 10.0.0.0/99, 10.0.0.1"));

        GatewayForwarding.Read(settings);

        Assert.Equal(2, settings.Errors.Count);
        Assert.Contains("'nginx'", settings.Errors[0], StringComparison.Ordinal);
    }
}
