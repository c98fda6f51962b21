using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NeuroCred.AppHost.Ports;

/// <summary>
/// Holds the ports of replicas that are down. The gateway sends requests to a port, whoever listens there: without this, a program that
/// takes the port meanwhile would get them.
/// </summary>
internal sealed partial class PortKeeper(
    ILookup<IResourceWithEndpoints, (EndpointReference Endpoint, ReplicaPort Port)> ports,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ILogger<PortKeeper> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (
                    change.Resource is IResourceWithEndpoints replica
                    && change.Snapshot is { State: { } state, StopTimeStamp: { } ended }
                    && KnownResourceStates.TerminalStates.Contains(state.Text)
                )
                {
                    foreach (var (endpoint, port) in ports[replica])
                    {
                        _ = HoldAsync(endpoint, port, ended.ToUniversalTime(), stoppingToken);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private async Task HoldAsync(EndpointReference endpoint, ReplicaPort port, DateTime ended, CancellationToken stoppingToken)
    {
        if (!endpoint.IsAllocated)
        {
            // It has never started: nobody is sent to its port.
            return;
        }

        var number = endpoint.Port;
        try
        {
            await port.HoldAsync(number, ended, () => Tell(endpoint.Resource, number), stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private void Tell(IResource replica, int port)
    {
        var owner = PortOwner.Describe(port);
        Taken(loggers.GetLogger(replica), port, replica.Name, owner);
        Taken(logger, port, replica.Name, owner);
    }

    [LoggerMessage(
        LogLevel.Error,
        "Port {Port} of '{Replica}' is taken by another program ({Owner}): it gets the replica's requests, and the replica cannot start. "
            + "End that program."
    )]
    private static partial void Taken(ILogger logger, int port, string replica, string owner);
}
