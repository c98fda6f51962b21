using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Tests.Model;

/// <summary>What tests of the model share: nothing here starts a process.</summary>
internal static class TestModel
{
    public static IDistributedApplicationTestingBuilder CreateBuilder(params (string Key, string? Value)[] configuration)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.Configuration.AddInMemoryCollection(configuration.Select(c => KeyValuePair.Create(c.Key, c.Value)));
        return builder;
    }

    public static IResourceBuilder<ExecutableResource> AddProgram(this IDistributedApplicationBuilder builder, string name = "program")
        => builder.AddExecutable(name, "true", ".");

    /// <summary>Gives every endpoint its address, as the start of the application does.</summary>
    public static T Allocate<T>(this T builder) where T : IDistributedApplicationBuilder
    {
        var allocator = new EndpointAllocator(new());
        foreach (var resource in builder.Resources)
        {
            allocator.Allocate(resource);
        }

        return builder;
    }

    public static EndpointAnnotation Endpoint(this IResource resource, string name = "http")
        => resource.Annotations.OfType<EndpointAnnotation>().Single(e => e.Name == name);

    /// <summary>The environment that the model gives a resource, every value resolved.</summary>
    public static Task<Dictionary<string, string>> EnvironmentAsync<T>(this IResourceBuilder<T> builder) where T : IResourceWithEnvironment
        => ResourceConfiguration.GetEnvironmentAsync(
            builder.Resource, builder.ApplicationBuilder.ExecutionContext, logger: null, TestContext.Current.CancellationToken);

    /// <summary>The arguments that the model gives a resource, every value resolved.</summary>
    public static async Task<string[]> ArgumentsAsync<T>(this IResourceBuilder<T> builder) where T : IResourceWithArgs
        => [.. (await ResourceConfiguration.GetArgumentsAsync(
            builder.Resource, builder.ApplicationBuilder.ExecutionContext, logger: null, TestContext.Current.CancellationToken)).Select(a => a.Value)];
}
