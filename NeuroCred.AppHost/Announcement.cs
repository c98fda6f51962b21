using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace NeuroCred.AppHost;

internal static class Announcement
{
    private static readonly TimeSpan s_reportInterval = TimeSpan.FromSeconds(15);

    // The wallet of samples/strong.json.
    private const string SampleWallet = "0x582177481F742e3cfdB0245e41D432A9F27B86F2";

    /// <summary>Says on the console where the gateway is, how to call it and where to watch it, once it serves.</summary>
    internal static void AnnounceWhenReady(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<IResourceWithEndpoints> gateway,
        IResourceBuilder<IResource> replica,
        IResourceBuilder<IResourceWithEndpoints> monitor,
        IResourceBuilder<ParameterResource> apiKey,
        bool showsKey
    ) =>
        // Not once all is created: what waits for something that does not come is never created.
        builder.Eventing.Subscribe<BeforeStartEvent>(
            (@event, ct) =>
            {
                var stopping = @event.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                var notifications = @event.Services.GetRequiredService<ResourceNotificationService>();
                _ = AnnounceAsync(@event.Model, notifications, gateway.Resource, replica.Resource, monitor.Resource, GetKeyAsync, stopping);
                return Task.CompletedTask;

                async Task<KeyInShell> GetKeyAsync() =>
                    showsKey
                        ? KeyInShell.InClear(await apiKey.Resource.GetValueAsync(stopping) ?? "")
                        : KeyInShell.ByReference(builder.Configuration);
            }
        );

    private static async Task AnnounceAsync(
        DistributedApplicationModel model,
        ResourceNotificationService notifications,
        IResourceWithEndpoints gateway,
        IResource replica,
        IResourceWithEndpoints monitor,
        Func<Task<KeyInShell>> getKey,
        CancellationToken stopping
    )
    {
        try
        {
            await WaitAndReportAsync(model, notifications, gateway, stopping);
            await WaitAndReportAsync(model, notifications, replica, stopping);
            var url = gateway.GetEndpoint("http").Url;
            var key = await getKey();
            var transactions = $"{url}/api/wallets/{SampleWallet}/transactions";
            Console.WriteLine(
                $"""

                NeuroCred serves at {url}. {key.Remark}Feed it a sample wallet, from the repository's folder:

                  curl -H {key.Header} -H 'Content-Type: application/json' --data @samples/strong.json {transactions}

                What the gateway and the replicas do, and what is wrong: {monitor.GetEndpoint("http").Url}

                """
            );
        }
        catch (OperationCanceledException)
        {
            // Stopped before it was ready.
        }
    }

    /// <summary>Waits until a resource is healthy, and says now and then what keeps it waiting.</summary>
    private static async Task WaitAndReportAsync(
        DistributedApplicationModel model,
        ResourceNotificationService notifications,
        IResource resource,
        CancellationToken stopping
    )
    {
        var healthy = notifications.WaitForResourceHealthyAsync(resource.Name, WaitBehavior.WaitOnResourceUnavailable, stopping);
        while (await Task.WhenAny(healthy, Task.Delay(s_reportInterval, stopping)) != healthy)
        {
            stopping.ThrowIfCancellationRequested();
            Console.WriteLine(
                $"Still waiting for '{resource.Name}'. Not healthy: {string.Join(", ", DescribeUnhealthy(model, notifications))}. Their "
                    + "logs on the dashboard say why."
            );
        }

        await healthy;
    }

    // The text of an exception is left out: a client's may hold what it connects with.
    private static IEnumerable<string> DescribeUnhealthy(DistributedApplicationModel model, ResourceNotificationService notifications) =>
        model
            .Resources.Select(r => notifications.TryGetCurrentState(r.Name, out var current) ? current : null)
            .OfType<ResourceEvent>()
            .Where(e =>
                !e.Snapshot.IsHidden
                && e.Snapshot.State?.Text != KnownResourceStates.Finished
                && e.Snapshot.HealthStatus != HealthStatus.Healthy
            )
            .Select(e =>
                string.Join(
                    ": ",
                    [
                        $"{e.Resource.Name} ({e.Snapshot.State?.Text})",
                        .. e
                            .Snapshot.HealthReports.Where(r => r.Status != HealthStatus.Healthy)
                            .Select(r => r.Description)
                            .OfType<string>()
                            .Distinct(),
                    ]
                )
            );
}
