using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Processes.Tests;

/// <summary>What the model says of a container in whose place a process runs. Nothing is started.</summary>
public sealed class ReplacementTests
{
    private readonly IDistributedApplicationBuilder _builder = Create();

    [Fact]
    public async Task It_keeps_its_name_and_its_place_and_all_that_was_said_of_it()
    {
        var before = _builder.AddExecutable("before", "sleep", ".");
        var redis = _builder
            .AddRedis("redis")
            .WithUrl("http://localhost:1")
            .WaitFor(before)
            .WithCommand("flush", "Flush", _ => Task.FromResult(CommandResults.Success()));
        _builder.AddExecutable("after", "sleep", ".");
        var said = redis.Resource.Annotations.Where(IsKept).ToList();
        Assert.Contains(said, a => a is HealthCheckAnnotation);
        Assert.Contains(said, a => a is WaitAnnotation);
        Assert.Contains(said, a => a is ResourceCommandAnnotation { Name: "flush" });
        var names = _builder.Resources.Select(r => r.Name).ToList();

        var model = await ReplaceAsync();

        Assert.Equal(names, model.Resources.Select(r => r.Name).Where(names.Contains));
        var process = Assert.IsAssignableFrom<ExecutableResource>(model.Resources.Single(r => r.Name == "redis"));
        Assert.False(process.IsContainer());
        Assert.Empty(said.Except(process.Annotations));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(6399)]
    public async Task It_listens_on_the_public_port_itself(int? port)
    {
        _builder.AddRedis("redis", port);

        var model = await ReplaceAsync();

        var endpoint = model.Resources.Single(r => r.Name == "redis").Annotations.OfType<EndpointAnnotation>().Single(e => e.Name == "tcp");
        Assert.Equal((false, port, port), (endpoint.IsProxied, endpoint.Port, endpoint.TargetPort));
    }

    [Fact]
    public async Task Its_connection_string_stays()
    {
        var redis = _builder.AddRedis("redis");
        var before = redis.Resource.ConnectionStringExpression.ValueExpression;

        var model = await ReplaceAsync();

        Assert.Equal(
            before,
            Assert
                .IsAssignableFrom<IResourceWithConnectionString>(model.Resources.Single(r => r.Name == "redis"))
                .ConnectionStringExpression.ValueExpression
        );
    }

    [Fact]
    public async Task A_database_stays_in_its_server()
    {
        var database = _builder.AddPostgres("postgres").AddDatabase("database");

        var model = await ReplaceAsync();

        Assert.Contains(database.Resource, model.Resources);
        Assert.IsAssignableFrom<ExecutableResource>(model.Resources.Single(r => r.Name == database.Resource.Parent.Name));
    }

    [Theory]
    [InlineData("redis", false)]
    [InlineData("docker.io/library/nginx", false)]
    [InlineData("mongo", true)]
    public async Task Only_images_that_are_known_are_replaced(string image, bool staysContainer)
    {
        _builder.AddContainer("it", image);

        var model = await ReplaceAsync();

        Assert.Equal(staysContainer, model.Resources.Single(r => r.Name == "it").IsContainer());
    }

    [Fact]
    public async Task What_subscribed_to_the_container_hears_of_the_process_once()
    {
        var heard = new List<IResource>();
        var redis = _builder
            .AddRedis("redis")
            .OnResourceReady(
                (resource, _, _) =>
                {
                    heard.Add(resource);
                    return Task.CompletedTask;
                }
            );
        await using var application = _builder.Build();
        var model = await ReplaceAsync(application);
        var process = model.Resources.Single(r => r.Name == "redis");

        await application
            .Services.GetRequiredService<IDistributedApplicationEventing>()
            .PublishAsync(new ResourceReadyEvent(process, application.Services), TestContext.Current.CancellationToken);

        Assert.Equal([redis.Resource], heard);
    }

    [Fact]
    public async Task What_is_published_stays_a_container()
    {
        var builder = Create("--operation", "publish", "--publisher", "manifest", "--output-path", "none");
        builder.AddRedis("redis");
        await using var application = builder.Build();

        var model = await ReplaceAsync(application);

        Assert.True(builder.ExecutionContext.IsPublishMode);
        Assert.IsType<RedisResource>(model.Resources.Single(r => r.Name == "redis"));
    }

    private static IDistributedApplicationBuilder Create(params string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true });
        return builder.RunContainersAsProcesses();
    }

    // What runs is described by callbacks of its own, and the image is what makes it a container.
    private static bool IsKept(IResourceAnnotation annotation) =>
        annotation is not (ContainerImageAnnotation or EnvironmentCallbackAnnotation or CommandLineArgsCallbackAnnotation);

    private async Task<DistributedApplicationModel> ReplaceAsync()
    {
        await using var application = _builder.Build();
        return await ReplaceAsync(application);
    }

    private static async Task<DistributedApplicationModel> ReplaceAsync(DistributedApplication application)
    {
        var services = application.Services;
        // Of its own: what else subscribes to the start asks for the orchestrator.
        var eventing = new DistributedApplicationEventing();
        var model = services.GetRequiredService<DistributedApplicationModel>();
        foreach (var subscriber in services.GetServices<IDistributedApplicationEventingSubscriber>().OfType<ContainerReplacement>())
        {
            await subscriber.SubscribeAsync(
                eventing,
                services.GetRequiredService<DistributedApplicationExecutionContext>(),
                TestContext.Current.CancellationToken
            );
        }

        await eventing.PublishAsync(new BeforeStartEvent(services, model), TestContext.Current.CancellationToken);
        return model;
    }
}
