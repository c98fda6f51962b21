namespace NeuroCred.AppHost.Supervision;

/// <summary>Looks after what a resource runs in, for as long as it runs in that.</summary>
internal interface IInstanceWatch
{
    /// <summary>Looks after it. Does not fail: what goes wrong is in the log.</summary>
    /// <param name="current">The resource's state. When it runs in nothing there is nothing to do.</param>
    /// <param name="ended">Cancelled when the resource does not run in that any more, or is not meant to.</param>
    /// <param name="stoppingToken">Cancelled when the supervision ends.</param>
    Task WatchAsync(ResourceEvent current, CancellationToken ended, CancellationToken stoppingToken);
}
