using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace NeuroCred.AppHost;

internal static class Announcement
{
    // The wallet of samples/strong.json.
    private const string SampleWallet = "0x582177481F742e3cfdB0245e41D432A9F27B86F2";

    /// <summary>Says on the console where the gateway is, and how to call it, once it serves.</summary>
    internal static void AnnounceWhenReady(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<IResourceWithEndpoints> gateway,
        IResourceBuilder<IResource> replica,
        IResourceBuilder<ParameterResource> apiKey)
        => builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((@event, _) =>
        {
            var stopping = @event.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            var notifications = @event.Services.GetRequiredService<ResourceNotificationService>();
            AnnounceAsync(notifications, gateway.Resource, replica.Resource, apiKey.Resource, stopping).Forget();
            return Task.CompletedTask;
        });

    private static async Task AnnounceAsync(
        ResourceNotificationService notifications,
        IResourceWithEndpoints gateway,
        IResource replica,
        ParameterResource apiKey,
        CancellationToken stopping)
    {
        try
        {
            await notifications.WaitForResourceHealthyAsync(gateway.Name, WaitBehavior.WaitOnResourceUnavailable, stopping);
            await notifications.WaitForResourceHealthyAsync(replica.Name, WaitBehavior.WaitOnResourceUnavailable, stopping);
            var url = gateway.GetEndpoint("http").Url;
            Console.WriteLine($"""

                NeuroCred serves at {url}. Feed it a sample wallet, from the repository's folder:

                  curl -H 'X-API-Key: {await apiKey.GetValueAsync(stopping)}' -H 'Content-Type: application/json' --data @samples/strong.json {url}/api/wallets/{SampleWallet}/transactions

                """);
        }
        catch (OperationCanceledException)
        {
            // Stopped before it was ready.
        }
    }

    private static void Forget(this Task task) => _ = task;
}
