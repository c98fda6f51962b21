using Aspire.Hosting.Testing;

namespace NeuroCred.Tests.Testing;

/// <summary>The example of NeuroCred.Testing's README, to be compiled. The tests of the whole system make the same calls.</summary>
internal static class ReadmeSnippet
{
    public static async Task RunAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.NeuroCred_AppHost>();
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway");

        var read = new WorkItem("read", "health", () => new HttpRequestMessage(HttpMethod.Get, "/health"));
        using var client = new OpenLoopClient(app.GetEndpoint("gateway", "http"), Connections.KeepAlive, requestsPerSecond: 50, _ => read);
        var outcomes = await client.RunWhileAsync(async () =>
        {
            var killed = await app.KillAsync("api-2");
            await app.WaitUntilBackAsync("api-2", killed);

            var hung = await app.HangAsync("redis");
            await Task.Delay(TimeSpan.FromSeconds(5));
            await hung.ContinueAsync();
        });
        Console.WriteLine(Distribution.Describe(outcomes));
    }
}
