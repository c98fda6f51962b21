using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace NeuroCred.Tests.Telemetry;

/// <summary>A span as it was exported.</summary>
/// <param name="Source">What made it: <c>Npgsql</c>.</param>
internal sealed record ExportedSpan(
    string Source,
    string Name,
    string TraceId,
    string Id,
    string ParentId,
    IReadOnlyDictionary<string, string> Attributes
);

/// <summary>An OTLP endpoint, in the dashboard's place. It keeps nothing but what a test is waiting for.</summary>
internal sealed class SpanCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<ExportedSpan> _spans = new();
    private TestHost? _host;
    private int _watchers;

    /// <summary>The spans that arrived while anyone watched.</summary>
    public IEnumerable<ExportedSpan> Spans => _spans;

    public static async Task<SpanCollector> StartAsync()
    {
        var collector = new SpanCollector();
        collector._host = await TestHost.StartAsync(_ => { }, app => app.MapPost("/v1/{signal}", collector.ReceiveAsync));
        return collector;
    }

    /// <summary>Has a service of the system send here, every moment.</summary>
    public void Receive(IDistributedApplicationTestingBuilder builder, string service) =>
        builder
            .CreateResourceBuilder((ProjectResource)builder.Resources.Single(resource => resource.Name == service))
            .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", _host!.App.Urls.Single())
            .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .WithEnvironment("OTEL_BSP_SCHEDULE_DELAY", "200");

    /// <summary>Keeps what arrives until the watch is disposed.</summary>
    public IDisposable Watch()
    {
        Interlocked.Increment(ref _watchers);
        return new Ending(this);
    }

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    // The numbers are those of opentelemetry/proto/collector/trace/v1 and trace/v1.
    private async Task ReceiveAsync(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        if (signal != "traces" || Volatile.Read(ref _watchers) == 0)
        {
            return;
        }

        var scopes = new ProtobufMessage(body.ToArray()).All(1).SelectMany(resource => resource.All(2));
        foreach (var span in scopes.SelectMany(scope => scope.All(2).Select(span => Read(scope.One(1).One(1).Text, span))))
        {
            _spans.Enqueue(span);
        }
    }

    private static ExportedSpan Read(string source, ProtobufMessage span) =>
        new(
            source,
            span.One(5).Text,
            span.One(1).Hex,
            span.One(2).Hex,
            span.One(4).Hex,
            span.All(9).ToDictionary(attribute => attribute.One(1).Text, attribute => attribute.One(2).One(1).Text)
        );

    private sealed class Ending(SpanCollector collector) : IDisposable
    {
        public void Dispose()
        {
            if (Interlocked.Decrement(ref collector._watchers) == 0)
            {
                collector._spans.Clear();
            }
        }
    }
}
