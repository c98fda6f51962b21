using Microsoft.Playwright;
using NeuroCred.Tests.Api.OpenApi;
using NeuroCred.Tests.Browser;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>The OpenAPI document and the page that shows it, as the gateway and the replicas serve them, without a key.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class ApiPageTests(RunningSystem system, InstalledBrowser browser) : IClassFixture<InstalledBrowser>
{
    [Fact]
    public async Task The_gateway_and_every_replica_serve_the_document_that_is_checked_in()
    {
        var expected = await File.ReadAllTextAsync(Path.Combine(Repository.Folder, ApiDocument.Path), Cancellation);
        using var client = new HttpClient();
        foreach (var address in RunningSystem.Replicas.Select(system.AddressOf).Append(system.Gateway))
        {
            using var response = await client.GetAsync(new Uri(address, "/openapi/v1.json"), Cancellation);

            Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
            Assert.Equal(expected, await response.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Fact]
    public void The_dashboard_links_to_the_page()
    {
        Assert.True(system.Application.ResourceNotifications.TryGetCurrentState("gateway", out var state));

        Assert.Contains(state.Snapshot.Urls, url => url.Url == new Uri(system.Gateway, "/docs").ToString());
    }

    [Fact]
    public async Task The_page_sends_a_request_and_asks_no_other_server_for_anything()
    {
        var page = await browser.OpenAsync();
        List<string> complaints = [];
        List<string> elsewhere = [];
        page.Console += (_, message) =>
        {
            if (message.Type is "error")
            {
                complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" } url && url.Authority != system.Gateway.Authority)
            {
                elsewhere.Add(request.Url);
            }
        };

        await page.GotoAsync(new Uri(system.Gateway, "/docs/#tag/health/GET/health").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Test Request (get /health)", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send get request to" }).ClickAsync();

        await Assertions.Expect(page.GetByText("\"healthy\"").First).ToBeVisibleAsync();
        Assert.Empty(complaints);
        Assert.Empty(elsewhere);
        await page.Context.CloseAsync();
    }
}
