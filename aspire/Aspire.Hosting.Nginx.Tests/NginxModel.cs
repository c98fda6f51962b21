using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Nginx.Tests;

/// <summary>What a model without processes says.</summary>
internal static class NginxModel
{
    // The references name their network, since only there may a test place an address under the official packages too.
    public static EndpointReference[] Servers(IDistributedApplicationBuilder builder, int count, int? port = null)
    {
        EndpointReference[] servers =
        [
            .. Enumerable
                .Range(1, count)
                .Select(i =>
                    builder
                        .AddExecutable($"api-{i}", "api", ".")
                        .WithHttpEndpoint(isProxied: false)
                        .Resource.GetEndpoint("http", KnownNetworkIdentifiers.LocalhostNetwork)
                ),
        ];
        if (port is { } first)
        {
            foreach (var (i, server) in servers.Index())
            {
                Allocate(server, first + i);
            }
        }

        return servers;
    }

    public static void Allocate(EndpointReference endpoint, int port) =>
        endpoint.EndpointAnnotation.AllocatedEndpoint = new(endpoint.EndpointAnnotation, "localhost", port);

    public static async Task<IReadOnlyDictionary<string, string?>> RenderAsync(
        NginxResource nginx,
        params (string Key, string Value)[] settings
    )
    {
        var annotation = Assert.Single(nginx.Annotations.OfType<ContainerFileSystemCallbackAnnotation>());
        Assert.Equal("/etc/nginx", annotation.DestinationPath);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => s.Key, string? (s) => s.Value))
            .Build();
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).BuildServiceProvider();
        var items = await annotation.Callback(new() { Model = nginx, Services = services }, TestContext.Current.CancellationToken);
        return Flatten("", items).ToDictionary();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Flatten(string folder, IEnumerable<ContainerFileSystemItem> items) =>
        items.SelectMany(item =>
            item switch
            {
                ContainerDirectory directory => Flatten($"{folder}{directory.Name}/", directory.Entries),
                ContainerFile file => [new(folder + file.Name, file.Contents)],
                _ => throw new InvalidOperationException($"'{item.Name}' is neither a file nor a folder."),
            }
        );
}
