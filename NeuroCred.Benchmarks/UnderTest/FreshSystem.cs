using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>The whole system as a user gets it, but for free ports, throw-away data, and limits for a load that has one address.</summary>
internal static class FreshSystem
{
    /// <summary>Puts it together. Its log goes nowhere: a console is for what a benchmark or a test has to say.</summary>
    /// <param name="runtime">What Redis, Postgres and nginx run as.</param>
    /// <param name="arguments">What else the AppHost is told.</param>
    /// <param name="hasDashboard">Whether the dashboard runs too. It takes its part of a small machine.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<IDistributedApplicationTestingBuilder> CreateBuilderAsync(
        string runtime,
        IEnumerable<string> arguments,
        bool hasDashboard,
        CancellationToken cancellationToken
    )
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.NeuroCred_AppHost>(
            [
                $"--NEUROCRED_RUNTIME={runtime}",
                "--Gateway:Port=0",
                "--Gateway:HttpsPort=0",
                "--Monitor:Port=0",
                "--Api:BasePort=0",
                $"--Parameters:apikey={Workload.ApiKey}",
                .. OneAddress.Arguments,
                .. arguments,
            ],
            (options, _) =>
            {
                options.DisableDashboard = !hasDashboard;

                // In tests Aspire would read every log as it is written, and before it tells the end of a resource read all of it once
                // more: up to 5 s in which the supervisor knows of nothing.
                options.EnableResourceLogging = false;
            },
            cancellationToken
        );
        ThrowAwayData.Use(builder);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        return builder;
    }
}
