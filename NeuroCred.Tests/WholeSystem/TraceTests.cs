using NeuroCred.Tests.Telemetry;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>One trace shows where a request's time went, from the gateway to the databases.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed class TraceTests(RunningSystem system)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_requests_id_in_the_gateways_log_is_the_trace_of_its_replica_its_SQL_and_its_Redis()
    {
        using var watch = system.Spans.Watch();

        string id;
        IReadOnlyList<ExportedSpan> spans;
        var attempt = 0;

        // Once more when Redis was late, as on a busy machine.
        do
        {
            await system.WaitUntilCachingAsync(Cancellation);
            id = await WriteAsync(traceparent: null);
            spans = await FindSpansAsync(id);
        } while (attempt++ < 5 && !spans.Any(IsRemovalFromCache));

        var line = await FindLogLineAsync(id);
        Assert.Equal(id, line.GetProperty("id").GetString());
        var server = Assert.Single(spans, span => span.Source == "Microsoft.AspNetCore");
        Assert.Equal((id, id[..16]), (server.Attributes["neurocred.request.id"], server.ParentId));
        Assert.All(
            spans.Where(span => span.Source is "Npgsql" or "NeuroCred.Api"),
            span => Assert.Contains(spans, parent => parent.Id == span.ParentId)
        );
        Assert.Contains(spans, IsRemovalFromCache);
    }

    [Fact]
    public async Task A_trace_that_the_client_began_goes_on()
    {
        using var watch = system.Spans.Watch();
        var trace = Guid.NewGuid().ToString("N");

        var id = await WriteAsync($"00-{trace}-00f067aa0ba902b7-01");

        var server = Assert.Single(await FindSpansAsync(trace), span => span.Source == "Microsoft.AspNetCore");
        Assert.Equal((id, "00f067aa0ba902b7"), (server.Attributes["neurocred.request.id"], server.ParentId));
    }

    private static bool IsRemovalFromCache(ExportedSpan span) =>
        span is { Source: "NeuroCred.Api", Name: "DEL" } && span.Attributes["db.system.name"] == "redis";

    /// <summary>Has a score computed by the replica whose spans arrive here.</summary>
    /// <returns>The request's id.</returns>
    private async Task<string> WriteAsync(string? traceparent)
    {
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null })
        {
            BaseAddress = system.Gateway,
            Timeout = TimeSpan.FromSeconds(15),
        };
        for (var i = 0; i < 100; i++)
        {
            var name = Guid.NewGuid().ToString("N");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/score")
            {
                Content = new StringContent(JsonSerializer.Serialize(new { address = Workload.AddressOf(name) }), null, "application/json"),
                Headers = { { "X-API-Key", Workload.ApiKey }, { "Idempotency-Key", name } },
            };
            if (traceparent is not null)
            {
                request.Headers.Add("traceparent", traceparent);
            }

            using var response = await http.SendAsync(request, Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
            if (response.Headers.GetValues("X-Served-By").Single() == RunningSystem.Traced)
            {
                return response.Headers.GetValues("X-Request-ID").Single();
            }
        }

        throw new InvalidOperationException($"The gateway sent {RunningSystem.Traced} none of a hundred requests.");
    }

    private async Task<IReadOnlyList<ExportedSpan>> FindSpansAsync(string trace)
    {
        IReadOnlyList<ExportedSpan> spans = [];
        await Until.HoldsAsync(
            () =>
                new HashSet<string>(
                    (spans = [.. system.Spans.Spans.Where(span => span.TraceId == trace)]).Select(span => span.Source)
                ).IsSupersetOf(["Microsoft.AspNetCore", "Npgsql", "NeuroCred.Api"]),
            s_patience,
            () => $"The trace {trace} has: {string.Join(", ", spans.Select(span => $"{span.Source} {span.Name}"))}"
        );
        return spans;
    }

    private async Task<JsonElement> FindLogLineAsync(string id)
    {
        string? line = null;
        await Until.HoldsAsync(
            async () =>
                (line = (await system.GetLogAsync("gateway")).FirstOrDefault(l => l.Contains($"\"id\":\"{id}\"", StringComparison.Ordinal)))
                    is not null,
            s_patience,
            () => $"{id} is not in the gateway's log."
        );
        return JsonElement.Parse(line![line!.IndexOf('{', StringComparison.Ordinal)..]); // the orchestrator puts the time before it
    }
}
