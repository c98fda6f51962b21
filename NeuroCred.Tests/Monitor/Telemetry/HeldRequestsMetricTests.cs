using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using NeuroCred.Monitor.Telemetry;

namespace NeuroCred.Tests.Monitor.Telemetry;

public sealed class HeldRequestsMetricTests
{
    [Fact]
    public void Held_requests_are_counted_by_what_came_of_them()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var telemetry = new MonitorTelemetry(TestOptions.Create(), meters);
        var counted = new Dictionary<object, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            // Other tests have monitors of their own.
            if (instrument.Name == "neurocred.gateway.held" && instrument.Meter.Scope == meters)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => counted[tags[0].Value!] = counted.GetValueOrDefault(tags[0].Value!) + value
        );
        listener.Start();
        foreach (var (status, held) in ((int, int)[])[(200, 0), (503, 0), (200, 300), (404, 1), (503, 6000), (499, 200)])
        {
            telemetry.Record(new("GET", status, held, [], held));
        }

        Assert.Equal(
            new Dictionary<object, long>
            {
                ["served"] = 2,
                ["failed"] = 1,
                ["abandoned"] = 1,
            },
            counted
        );
    }
}
