using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Processes.Tests.AppHost;

/// <summary>Redis, Postgres, and nginx in front of two servers. Says <c>ready</c> when all of them are healthy.</summary>
internal static class SampleAppHost
{
    internal static async Task RunAsync(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true });
        builder.RunContainersAsProcesses("the tests are about processes");

        var password = builder.AddParameter("password", "a-password", secret: true);
        var redis = builder.AddRedis("redis", password: password);
        var database = builder.AddPostgres("postgres", password: password).AddDatabase("database");

        List<IResourceBuilder<ExecutableResource>> servers = [builder.AddServer("server-1"), builder.AddServer("server-2")];
        var gateway = builder
            .AddNginx("gateway", builder.Configuration.GetValue<int?>("Port"))
            .WithHttps()
            .WithLoadBalancing(servers.Select(server => server.GetEndpoint("http")));

        var client = builder
            .AddExecutable("client", "sleep", ".", "1000")
            .WithReference(redis)
            .WaitFor(redis)
            .WithReference(database)
            .WaitFor(database)
            .WithReference(gateway.GetEndpoint("http"))
            .WaitFor(gateway)
            .OnResourceReady(
                (_, _, _) =>
                {
                    Console.WriteLine("ready");
                    return Task.CompletedTask;
                }
            );
        servers.ForEach(server => client.WaitFor(server));

        await builder.Build().RunAsync();
    }

    private static IResourceBuilder<ExecutableResource> AddServer(this IDistributedApplicationBuilder builder, string name) =>
        builder
            .AddExecutable(name, Path.Combine(AppContext.BaseDirectory, typeof(SampleAppHost).Assembly.GetName().Name!), ".", "serve", name)
            .WithHttpEndpoint(env: "PORT", isProxied: false)
            .WithHttpHealthCheck("/");
}
