using System.Net;
using Aspire.Hosting.Processes.Tests.StandIns;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Processes.Tests.Running;

/// <summary>nginx in front of two servers, with the integration's default configuration.</summary>
[Collection(RunningApplicationTests.Name)]
public sealed class GatewayTests(RunningApplication running) : IDisposable
{
    private readonly HttpClient _gateway = running.Application.CreateHttpClient("gateway", "http");

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public Task Both_servers_answer() => Eventually.BothServersAnswerAsync(_gateway);

    [Fact]
    public async Task Both_servers_answer_over_HTTPS()
    {
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        using var https = new HttpClient(handler) { BaseAddress = running.Application.GetEndpoint("gateway", "https") };

        await Eventually.BothServersAnswerAsync(https);
    }

    [Fact]
    public async Task A_killed_server_costs_no_GET()
    {
        await Eventually.BothServersAnswerAsync(_gateway);

        Signals.Send(await running.WaitForProcessAsync("server-1"), "KILL");
        for (var i = 0; i < 50; i++)
        {
            // The first may have been answered by the server that is just being killed.
            var name = await _gateway.GetStringAsync("/", RunningApplication.Deadline);
            Assert.True(name == "server-2" || i == 0, name);
        }

        await running.DoAsync("server-1", "start");
        await Eventually.BothServersAnswerAsync(_gateway);
    }

    [Fact]
    public async Task A_POST_that_a_server_lost_is_not_sent_again()
    {
        var before = await CountLostAsync();

        using var response = await _gateway.PostAsync("/lose", null, RunningApplication.Deadline);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(before + 1, await CountLostAsync());
    }

    private async Task<int> CountLostAsync()
    {
        var lost = 0;
        foreach (var name in (string[])["server-1", "server-2"])
        {
            using var server = running.Application.CreateHttpClient(name, "http");
            lost += int.Parse(
                await server.GetStringAsync("/lost", RunningApplication.Deadline),
                System.Globalization.CultureInfo.InvariantCulture
            );
        }

        return lost;
    }
}
