using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuroCred.ServiceDefaults;

namespace NeuroCred.Tests.Telemetry;

/// <summary>
/// The tests that read this process's metrics. Every service in a process shares them, so that nothing else may run beside these.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredProcess
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The metrics of this process";
}

/// <summary>A small service with the defaults, in this process.</summary>
internal static class MeasuredHost
{
    public static Task<TestHost> StartAsync(Action<IServiceCollection> add, Action<WebApplication> map) =>
        TestHost.StartAsync(
            builder =>
            {
                builder.AddServiceDefaults(new(builder.Configuration));
                add(builder.Services);
            },
            app =>
            {
                app.MapDefaultEndpoints();
                map(app);
            }
        );
}
