namespace NeuroCred.AppHost.Supervision;

/// <summary>Looks after what a resource runs in, for as long as it runs in that.</summary>
internal interface IInstanceWatch
{
    /// <summary>Looks after it.</summary>
    /// <param name="current">The resource's state. When it runs in nothing there is nothing to do.</param>
    /// <param name="ended">Cancelled when the resource does not run in that any more, or the supervision ends.</param>
    Task WatchAsync(ResourceEvent current, CancellationToken ended);
}
