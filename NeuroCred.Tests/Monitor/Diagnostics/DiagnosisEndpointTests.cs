using NeuroCred.Monitor.Model;
using NeuroCred.Tests.Monitor.Live;

namespace NeuroCred.Tests.Monitor.Diagnostics;

public sealed class DiagnosisEndpointTests : IAsyncLifetime
{
    private MonitorHost _monitor = null!;

    public async ValueTask InitializeAsync() => _monitor = await MonitorHost.StartAsync();

    public ValueTask DisposeAsync() => _monitor.DisposeAsync();

    [Fact]
    public async Task Before_the_first_look_it_says_when_to_ask_again()
    {
        using var response = await GetAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Findings_are_json_with_all_that_an_operator_needs()
    {
        var scene = new Scene(3).Finds(Scene.Finding("no-traffic/drained", FindingSeverity.Notice, "api-2", "api-2 gets no traffic"));
        _monitor.Feed.Publish(scene.At(ObservationBuilder.Now));

        using var response = await GetAsync();
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        var finding = Assert.Single(body.RootElement.GetProperty("findings").EnumerateArray());

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(["time", "summary", "findings"], body.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ["id", "severity", "replicas", "title", "cause", "evidence", "actions", "since", "key"],
            finding.EnumerateObject().Select(p => p.Name)
        );
        Assert.Equal("notice", finding.GetProperty("severity").GetString());
    }

    private Task<HttpResponseMessage> GetAsync() => _monitor.Client.GetAsync("/diagnosis", Cancellation);
}
