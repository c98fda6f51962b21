using Microsoft.Extensions.Logging.Abstractions;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Model;

public sealed class EndpointAllocationTests
{
    private static readonly int s_firstEphemeral =
        int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t', ' ')[0], CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public void Without_a_port_a_proxyless_endpoint_gets_a_free_one_below_those_of_outgoing_connections(int? port)
    {
        var builder = TestModel.CreateBuilder();
        var (endpoint, listen) = Allocate(builder.AddProgram().WithHttpEndpoint(port, isProxied: false));
        Assert.InRange(endpoint.Port, 1024, s_firstEphemeral - 1);
        Assert.Equal(endpoint.Port, listen.Port);
        Assert.False(listen.NeedsProxy);
        Assert.True(FreePorts.IsFree(endpoint.Port));
    }

    [Fact]
    public void A_proxyless_endpoint_listens_on_the_port_it_names_either_way()
    {
        var builder = TestModel.CreateBuilder();
        var (byPort, _) = Allocate(builder.AddProgram("one").WithHttpEndpoint(4001, isProxied: false));
        var (byTargetPort, listen) = Allocate(builder.AddProgram("two").WithHttpEndpoint(targetPort: 4002, isProxied: false));
        Assert.Equal(("http://localhost:4001", "4001"), (byPort.UriString, byPort.TargetPortExpression));
        Assert.Equal(("http://localhost:4002", 4002), (byTargetPort.UriString, listen.Port));
    }

    [Fact]
    public void A_proxyless_endpoint_with_two_ports_is_refused()
    {
        var program = TestModel.CreateBuilder().AddProgram("api").WithHttpEndpoint(4001, 5001, isProxied: false);
        Assert.Equal(
            "The endpoint 'http' of 'api' is not proxied, so port (4001) and target port (5001) must be the same: leave one out.",
            Assert.Throws<DistributedApplicationException>(() => Allocate(program)).Message);
    }

    [Fact]
    public void A_proxied_endpoint_of_one_port_is_refused_since_the_proxy_needs_its_own()
    {
        var program = TestModel.CreateBuilder().AddProgram("api").WithHttpEndpoint(4001, 4001);
        Assert.Equal(
            "The endpoint 'http' of 'api' is proxied, so port and target port (both 4001) must differ: leave one out, or set isProxied to false.",
            Assert.Throws<DistributedApplicationException>(() => Allocate(program)).Message);
    }

    [Fact]
    public void A_proxied_endpoint_has_a_port_for_callers_and_another_for_the_program()
    {
        var builder = TestModel.CreateBuilder();
        var (endpoint, listen) = Allocate(builder.AddProgram().WithHttpEndpoint(4001));
        Assert.Equal("http://localhost:4001", endpoint.UriString);
        Assert.NotEqual(4001, listen.Port);
        Assert.Equal(listen.Port.ToString(CultureInfo.InvariantCulture), endpoint.TargetPortExpression);
        Assert.True(listen.NeedsProxy);
    }

    [Theory]
    [InlineData("0.0.0.0", "localhost", "0.0.0.0")]
    [InlineData("*", "localhost", "0.0.0.0")]
    [InlineData("10.1.2.3", "10.1.2.3", "10.1.2.3")]
    [InlineData("localhost", "localhost", "127.0.0.1")]
    public void Callers_reach_a_program_that_listens_everywhere_on_localhost(string targetHost, string address, string listenAddress)
    {
        var builder = TestModel.CreateBuilder();
        var (endpoint, listen) = Allocate(builder.AddProgram().WithHttpEndpoint().WithEndpoint("http", e => e.TargetHost = targetHost));
        Assert.Equal(address, endpoint.Address);
        Assert.Equal(listenAddress, listen.ListenAddress);
    }

    [Fact]
    public void A_port_that_is_reserved_is_never_given()
    {
        var few = new FreePorts(Enumerable.Range(20_000, 11_000));
        Assert.All(Enumerable.Range(0, 5), _ => Assert.InRange(few.Next(), 31_000, 32_000));
    }

    [Fact]
    public async Task Two_resources_of_one_port_are_both_named()
    {
        var builder = TestModel.CreateBuilder();
        builder.AddProgram("one").WithHttpEndpoint(29_999, isProxied: false);
        builder.AddProgram("two").WithHttpEndpoint(29_999, isProxied: false);
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => EndpointAllocator.WaitForPortsAsync(builder.Allocate().Resources, NullLogger.Instance, TestContext.Current.CancellationToken));
        Assert.Equal("Port 29999 is given to 'one' and 'two': give each its own.", refusal.Message);
    }

    [Fact]
    public async Task Two_addresses_may_share_a_port()
    {
        var port = new FreePorts().Next();
        var builder = TestModel.CreateBuilder();
        builder.AddProgram()
            .WithHttpEndpoint(port, isProxied: false)
            .WithHttpEndpoint(port, name: "bridge", isProxied: false).WithEndpoint("bridge", e => e.TargetHost = "127.0.0.2");
        await EndpointAllocator.WaitForPortsAsync(builder.Allocate().Resources, NullLogger.Instance, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_application_waits_for_a_port_that_a_previous_run_still_holds(bool isTargetPort)
    {
        var port = new FreePorts().Next();
        using var previous = new TcpListener(IPAddress.Loopback, port);
        previous.Start();
        var builder = TestModel.CreateBuilder();
        builder.AddProgram().WithHttpEndpoint(isTargetPort ? null : port, isTargetPort ? port : null);
        var waiting = EndpointAllocator.WaitForPortsAsync(builder.Allocate().Resources, NullLogger.Instance, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        previous.Stop();
        await waiting;
    }

    [Fact]
    public async Task A_port_that_stays_in_use_is_named_with_its_endpoint_and_what_to_do()
    {
        var port = new FreePorts().Next();
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();
        var builder = TestModel.CreateBuilder();
        builder.AddProgram("api").WithHttpEndpoint(port, isProxied: false);
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => EndpointAllocator.WaitForPortsAsync(builder.Allocate().Resources, TimeSpan.FromMilliseconds(150), NullLogger.Instance, TestContext.Current.CancellationToken));
        Assert.Equal(
            $"Port {port}, for the endpoint 'http' of 'api', is in use by another program: stop that one, or configure another port.", refusal.Message);
    }

    [Fact]
    public void A_container_keeps_its_target_port_in_sight_whatever_its_process_listens_on()
    {
        var builder = TestModel.CreateBuilder();
        var (endpoint, listen) = Allocate(builder.AddContainer("cache", "redis").WithEndpoint(targetPort: 6379, name: "http"));
        Assert.Equal("6379", endpoint.TargetPortExpression);
        Assert.Equal(endpoint.Port, listen.Port);
        Assert.False(listen.NeedsProxy);
    }

    private static (AllocatedEndpoint Endpoint, ListenAnnotation Listen) Allocate<T>(IResourceBuilder<T> resource) where T : IResource
    {
        new EndpointAllocator(new()).Allocate(resource.Resource);
        return (resource.Resource.Endpoint().AllocatedEndpoint!, resource.Resource.Annotations.OfType<ListenAnnotation>().Single());
    }
}
