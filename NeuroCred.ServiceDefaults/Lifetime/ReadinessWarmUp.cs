using Microsoft.Extensions.Hosting;
using NeuroCred.ServiceDefaults.Health;

namespace NeuroCred.ServiceDefaults.Lifetime;

/// <summary>
/// Runs the readiness checks once, after the server listens and without making anyone wait: it opens the first connections and
/// compiles their code, so that the first client does not pay for it.
/// </summary>
internal sealed class ReadinessWarmUp(IHostApplicationLifetime lifetime, ReadinessProbe probe) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => _ = Task.Run(probe.CheckAsync, CancellationToken.None));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
