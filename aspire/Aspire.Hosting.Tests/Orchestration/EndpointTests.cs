using System.Net.Sockets;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests.Orchestration;

public sealed class EndpointTests(EndpointTests.Programs programs) : IClassFixture<EndpointTests.Programs>
{
    private readonly TestApplication _app = programs.Application;

    [Fact]
    public async Task A_program_behind_a_proxy_answers_on_the_port_of_the_proxy_also_after_a_restart()
    {
        var port = _app.Application.GetEndpoint("proxied", "tcp").Port;
        await _app.WaitForLineAsync("proxied", "listening");
        Assert.Equal("hello", await Ask.OnPortAsync(port, "hello"));

        await _app.DoAsync("proxied", "restart");
        Assert.Equal("again", await Ask.OnPortAsync(port, "again"));
    }

    [Fact]
    public async Task A_program_without_a_proxy_is_told_its_port_and_refuses_when_it_is_down()
    {
        var port = _app.Application.GetEndpoint("direct", "tcp").Port;
        await _app.WaitForLineAsync("direct", "listening");
        Assert.Equal("hello", await Ask.OnPortAsync(port, "hello"));
        await _app.DoAsync("direct", "stop");
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync("localhost", port, TestApplication.Deadline));
    }

    [Fact]
    public async Task Variables_that_are_meant_for_the_AppHost_reach_no_program_and_those_of_the_machine_do()
    {
        await _app.WaitForLineAsync("curious", "listening");
        var names = (await Ask.OnPortAsync(_app.Application.GetEndpoint("curious", "tcp").Port, "environment"))!.Split(' ');
        Assert.DoesNotContain(names, n => n.StartsWith("Parameters__", StringComparison.OrdinalIgnoreCase)
            || n.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
            || n.StartsWith("ConnectionStrings__", StringComparison.Ordinal)
            || n.StartsWith("OTEL_", StringComparison.Ordinal));
        Assert.Contains("PATH", names);
        Assert.Contains("HOSTING_TESTS_FOR_ALL", names);
        Assert.Contains("MINE", names);
    }

    public sealed class Programs : SharedApplication
    {
        protected override void Configure(IDistributedApplicationTestingBuilder builder)
        {
            foreach (var name in new[] { "Parameters__hidden", "PARAMETERS__HIDDEN", "ASPNETCORE_URLS", "ConnectionStrings__hidden", "OTEL_SERVICE_NAME", "HOSTING_TESTS_FOR_ALL" })
            {
                Environment.SetEnvironmentVariable(name, "http://localhost:1");
            }

            builder.AddServer("proxied").WithEndpoint(scheme: "tcp", env: "PORT");
            builder.AddServer("direct").WithEndpoint(scheme: "tcp", env: "PORT", isProxied: false);
            builder.AddServer("curious").WithEndpoint(scheme: "tcp", env: "PORT", isProxied: false).WithEnvironment("MINE", "1");
        }
    }
}
