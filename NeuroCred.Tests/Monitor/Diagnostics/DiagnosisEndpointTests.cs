using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Model;
using NeuroCred.Tests.Monitor.Live;

namespace NeuroCred.Tests.Monitor.Diagnostics;

public sealed class DiagnosisEndpointTests : IAsyncLifetime
{
    private readonly FakeFeed _feed = new();
    private TestHost _monitor = null!;

    public async ValueTask InitializeAsync() =>
        _monitor = await TestHost.StartAsync(builder => builder.Services.AddSingleton<ISnapshotFeed>(_feed), app => app.MapDiagnosis());

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
        var findings = new ObservationBuilder()
            .State("api-2", ReplicaState.Draining, "draining")
            .Silent("api-2")
            .Judge()
            .Select(c => c.Since(ObservationBuilder.Now))
            .ToList();
        _feed.Publish(
            new()
            {
                Time = ObservationBuilder.Now,
                WindowSeconds = 10,
                Replicas = [],
                Events = [],
                Gateway = new()
                {
                    Up = true,
                    Rate = 0,
                    ErrorRatio = 0,
                    FailoverRate = 0,
                    Held = null,
                    HeldFailed = 0,
                    Request = null,
                    Connections = null,
                    Log = new(0, 0, 0),
                },
                Diagnosis = new(ObservationBuilder.Now, "api-2 gets no traffic: it is drained.", findings),
            }
        );

        using var response = await GetAsync();
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var finding = Assert.Single(body.RootElement.GetProperty("findings").EnumerateArray());

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(["time", "summary", "findings"], body.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ["id", "severity", "replicas", "title", "cause", "evidence", "actions", "since"],
            finding.EnumerateObject().Select(p => p.Name)
        );
        Assert.Equal("notice", finding.GetProperty("severity").GetString());
    }

    private Task<HttpResponseMessage> GetAsync() => _monitor.Client.GetAsync("/diagnosis", TestContext.Current.CancellationToken);
}
