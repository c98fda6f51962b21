using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NeuroCred.Monitor.Gateway;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Tests.Monitor.Gateway;

public sealed class GatewayStatusTests
{
    [Fact]
    public async Task One_late_answer_is_no_outage_and_two_in_a_row_are()
    {
        var time = new FakeTimeProvider();
        var timeline = new EventTimeline(time);
        var late = 0;
        await using var gateway = await TestHost.StartAsync(
            _ => { },
            app =>
                app.Run(async context =>
                {
                    if (Volatile.Read(ref late) > 0)
                    {
                        Interlocked.Decrement(ref late);
                        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    }

                    await context.Response.WriteAsync("Active connections: 3 \nReading: 0 Writing: 1 Waiting: 2 \n");
                })
        );
        using var status = new GatewayStatus(TestOptions.Create() with { GatewayStatus = gateway.Address }, timeline, time);
        await status.StartAsync(Cancellation);
        await AdvanceUntilAsync(() => status.Connections is not null);

        late = 1;
        await AdvanceUntilAsync(() => Volatile.Read(ref late) == 0);
        late = 2;
        await AdvanceUntilAsync(() => status.Connections is null);
        await AdvanceUntilAsync(() => status.Connections is not null);

        // The first late answer has left no trace.
        Assert.Equal([TimelineKind.Back, TimelineKind.Gone], timeline.Read().Select(e => e.Kind));
        await status.StopAsync(CancellationToken.None);

        Task AdvanceUntilAsync(Func<bool> condition) => time.AdvanceUntilAsync(condition, "The answer was not read.");
    }

    [Fact]
    public async Task A_gateway_answers_from_its_first_status_on_until_something_else_comes_whatever_that_is()
    {
        var time = new FakeTimeProvider();
        var timeline = new EventTimeline(time);
        var asked = 0;
        var answer = (Type: "text/html; charset=windows-1252", Text: "<html>404</html>");
        await using var gateway = await TestHost.StartAsync(
            _ => { },
            app =>
                app.Run(context =>
                {
                    var (type, text) = answer;
                    Interlocked.Increment(ref asked);
                    context.Response.ContentType = type;
                    return context.Response.WriteAsync(text);
                })
        );
        using var status = new GatewayStatus(TestOptions.Create() with { GatewayStatus = gateway.Address }, timeline, time);
        await status.StartAsync(Cancellation);

        await AdvanceUntilAsync(() => Volatile.Read(ref asked) > 0);
        Assert.Null(status.Silence);
        await AdvanceUntilAsync(() => status.Silence >= TimeSpan.FromSeconds(10));
        var strange = answer;
        answer = ("text/plain", "Active connections: 3 \nReading: 0 Writing: 1 Waiting: 2 \n");
        await AdvanceUntilAsync(() => status.Connections == new GatewayConnections(3, 0, 1, 2));
        Assert.Empty(timeline.Read());
        Assert.Null(status.Silence);

        answer = strange;
        await AdvanceUntilAsync(() => status.Connections is null && timeline.Read() is not []);
        Assert.NotNull(status.Silence);
        answer = ("text/plain", "Active connections: 1 \nReading: 0 Writing: 1 Waiting: 0 \n");
        await AdvanceUntilAsync(() => status.Connections is not null && timeline.Read().Count > 1);
        Assert.Equal([TimelineKind.Back, TimelineKind.Gone], timeline.Read().Select(e => e.Kind));
        await status.StopAsync(CancellationToken.None);

        Task AdvanceUntilAsync(Func<bool> condition) => time.AdvanceUntilAsync(condition, "The answer was not read.");
    }
}
