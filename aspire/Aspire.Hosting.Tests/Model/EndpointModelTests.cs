using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class EndpointModelTests
{
    [Fact]
    public void An_http_endpoint_is_proxied_internal_on_localhost_and_named_after_its_scheme()
    {
        var endpoint = TestModel.CreateBuilder().AddProgram().WithHttpEndpoint().Resource.Endpoint("http");
        Assert.Equal("http", endpoint.UriScheme);
        Assert.Equal("http", endpoint.Transport);
        Assert.Equal(ProtocolType.Tcp, endpoint.Protocol);
        Assert.Equal("localhost", endpoint.TargetHost);
        Assert.True(endpoint.IsProxied);
        Assert.False(endpoint.IsExternal);
        Assert.False(endpoint.TlsEnabled);
        Assert.Null(endpoint.Port);
        Assert.Null(endpoint.TargetPort);
        Assert.Null(endpoint.AllocatedEndpoint);
    }

    [Fact]
    public void An_endpoint_without_a_scheme_is_tcp()
    {
        var endpoint = TestModel.CreateBuilder().AddProgram().WithEndpoint(targetPort: 6379).Resource.Endpoint("tcp");
        Assert.Equal(("tcp", "tcp", 6379), (endpoint.UriScheme, endpoint.Transport, endpoint.TargetPort));
    }

    [Fact]
    public void An_https_endpoint_uses_tls_unless_told_otherwise()
    {
        var endpoint = TestModel.CreateBuilder().AddProgram().WithHttpsEndpoint().Resource.Endpoint("https");
        Assert.True(endpoint.TlsEnabled);
        endpoint.TlsEnabled = false;
        Assert.False(endpoint.TlsEnabled);
    }

    [Fact]
    public void A_second_endpoint_of_a_name_is_refused_whatever_its_case()
    {
        var program = TestModel.CreateBuilder().AddProgram("api").WithHttpEndpoint();
        var refusal = Assert.Throws<DistributedApplicationException>(() => program.WithEndpoint(name: "HTTP"));
        Assert.Equal("'api' has an endpoint named 'HTTP' already. Give the new one another name.", refusal.Message);
        program.WithHttpEndpoint(name: "admin");
        Assert.Equal(["http", "admin"], program.Resource.GetEndpoints().Select(e => e.EndpointName));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65_536)]
    public void What_is_no_port_is_refused(int port)
    {
        var program = TestModel.CreateBuilder().AddProgram();
        Assert.Contains($"{port} is not a port", Assert.Throws<ArgumentOutOfRangeException>(() => program.WithHttpEndpoint(port)).Message, StringComparison.Ordinal);
        Assert.Contains($"{port} is not a port", Assert.Throws<ArgumentOutOfRangeException>(() => program.WithHttpEndpoint(targetPort: port)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_is_changed_by_name_and_created_only_if_asked_for()
    {
        var program = TestModel.CreateBuilder().AddProgram().WithHttpEndpoint();
        program.WithEndpoint("http", e => e.TargetHost = "10.0.0.1");
        Assert.Equal("10.0.0.1", program.Resource.Endpoint().TargetHost);

        program.WithEndpoint("other", _ => Assert.Fail("It does not exist."), createIfNotExists: false);
        Assert.Single(program.Resource.GetEndpoints());
        program.WithEndpoint("other", e => e.Port = 5);
        Assert.Equal(5, program.Resource.Endpoint("other").Port);
    }

    [Fact]
    public void Only_http_endpoints_become_external()
    {
        var program = TestModel.CreateBuilder().AddProgram().WithHttpEndpoint().WithHttpsEndpoint().WithEndpoint().WithExternalHttpEndpoints();
        Assert.Equal(["http", "https"], program.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.IsExternal).Select(e => e.Name));
    }

    [Fact]
    public async Task A_variable_can_tell_the_program_the_port_to_listen_on()
    {
        var builder = TestModel.CreateBuilder();
        var program = builder.AddProgram().WithHttpEndpoint(targetPort: 5000, env: "PORT").WithHttpEndpoint(name: "admin", env: "ADMIN_PORT");
        builder.Allocate();
        var environment = await program.EnvironmentAsync();
        Assert.Equal("5000", environment["PORT"]);
        Assert.Equal(program.Resource.Endpoint("admin").AllocatedEndpoint!.TargetPortExpression, environment["ADMIN_PORT"]);
    }
}
