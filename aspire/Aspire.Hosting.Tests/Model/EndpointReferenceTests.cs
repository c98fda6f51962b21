using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests.Model;

public sealed class EndpointReferenceTests
{
    private readonly IResourceBuilder<ExecutableResource> _program = TestModel.CreateBuilder().AddProgram("api");

    [Fact]
    public async Task A_reference_waits_until_its_endpoint_has_an_address()
    {
        var reference = _program.WithHttpEndpoint().GetEndpoint("http");
        var waiting = reference.GetValueAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(reference.IsAllocated);
        Assert.False(waiting.IsCompleted);

        Allocate();
        Assert.Equal("http://localhost:4001", await waiting);
        Assert.True(reference.IsAllocated);
        Assert.Equal(("http://localhost:4001", "localhost", 4001), (reference.Url, reference.Host, reference.Port));
    }

    [Fact]
    public async Task A_wait_for_an_address_can_be_given_up()
    {
        using var giveUp = new CancellationTokenSource();
        var waiting = _program.WithHttpEndpoint().GetEndpoint("http").GetValueAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void A_reference_may_be_made_before_its_endpoint()
    {
        var reference = _program.GetEndpoint("HTTP");
        Assert.False(reference.Exists);
        Assert.Contains("'api' has no endpoint named 'HTTP'", Assert.Throws<InvalidOperationException>(() => reference.Url).Message, StringComparison.Ordinal);
        _program.WithHttpEndpoint();
        Assert.True(reference.Exists);
        Assert.True(reference.IsHttp);
    }

    [Fact]
    public void Asking_too_early_for_an_address_says_so()
    {
        var reference = _program.WithHttpEndpoint().GetEndpoint("http");
        Assert.Contains("has no address yet", Assert.Throws<InvalidOperationException>(() => reference.Port).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EndpointProperty.Url, "http://localhost:4001", "{api.bindings.http.url}")]
    [InlineData(EndpointProperty.Host, "localhost", "{api.bindings.http.host}")]
    [InlineData(EndpointProperty.IPV4Host, "127.0.0.1", "{api.bindings.http.iPV4Host}")]
    [InlineData(EndpointProperty.Port, "4001", "{api.bindings.http.port}")]
    [InlineData(EndpointProperty.Scheme, "http", "{api.bindings.http.scheme}")]
    [InlineData(EndpointProperty.TargetPort, "5001", "{api.bindings.http.targetPort}")]
    [InlineData(EndpointProperty.HostAndPort, "localhost:4001", "{api.bindings.http.hostAndPort}")]
    [InlineData(EndpointProperty.TlsEnabled, "false", "{api.bindings.http.tlsEnabled}")]
    public async Task Every_property_of_an_endpoint_has_its_value(EndpointProperty property, string value, string expression)
    {
        var reference = _program.WithHttpEndpoint().GetEndpoint("http").Property(property);
        Allocate();
        Assert.Equal(value, await reference.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal(expression, reference.ValueExpression);
    }

    private void Allocate()
    {
        var endpoint = _program.Resource.Endpoint();
        endpoint.AllocatedEndpoint = new(endpoint, "localhost", 4001, "5001");
    }
}
