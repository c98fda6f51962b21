using Aspire.Hosting.ApplicationModel;
using Grpc.Core;

namespace Aspire.Hosting.Dashboard;

/// <summary>Tells the dashboard of the resources, and does to them what it asks for.</summary>
internal sealed class ResourceService(
    DashboardSettings settings,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands,
    ResourceServiceLifetime lifetime) : Wire.DashboardService.DashboardServiceBase
{
    public override Task<Wire.ApplicationInformationResponse> GetApplicationInformation(Wire.ApplicationInformationRequest request, ServerCallContext context)
        => Task.FromResult(new Wire.ApplicationInformationResponse { ApplicationName = settings.ApplicationName });

    public override Task WatchResources(
        Wire.WatchResourcesRequest request, IServerStreamWriter<Wire.WatchResourcesUpdate> responseStream, ServerCallContext context)
        => lifetime.StreamAsync(context, async cancellationToken =>
        {
            var isFirst = true;
            await foreach (var batch in notifications.WatchAsync(cancellationToken).ReadBatchesAsync(cancellationToken).ConfigureAwait(false))
            {
                // Of several changes to one resource only the last is worth telling.
                var resources = batch.GroupBy(c => c.ResourceId, StringComparer.OrdinalIgnoreCase).Select(g => ResourceMessages.Create(g.Last()));
                var update = isFirst
                    ? new Wire.WatchResourcesUpdate { InitialData = new() { Resources = { resources } } }
                    : new Wire.WatchResourcesUpdate { Changes = new() { Value = { resources.Select(r => new Wire.WatchResourcesChange { Upsert = r }) } } };
                isFirst = false;
                await responseStream.WriteAsync(update, cancellationToken).ConfigureAwait(false);
            }
        });

    public override Task WatchResourceConsoleLogs(
        Wire.WatchResourceConsoleLogsRequest request, IServerStreamWriter<Wire.WatchResourceConsoleLogsUpdate> responseStream, ServerCallContext context)
        => lifetime.StreamAsync(context, async cancellationToken =>
        {
            // Asking for the log of a resource that does not exist would begin one.
            if (!notifications.TryGetCurrentState(request.ResourceName, out var state))
            {
                return;
            }

            var log = request.SuppressFollow ? loggers.GetAllAsync(state.ResourceId) : loggers.WatchAsync(state.ResourceId);
            await foreach (var lines in log.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                foreach (var message in LogMessages.Create(lines))
                {
                    await responseStream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
                }
            }
        });

    public override async Task<Wire.ResourceCommandResponse> ExecuteResourceCommand(Wire.ResourceCommandRequest request, ServerCallContext context)
    {
        var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, context.CancellationToken).ConfigureAwait(false);
        var response = new Wire.ResourceCommandResponse
        {
            Kind = result switch
            {
                { Success: true } => Wire.ResourceCommandResponseKind.Succeeded,
                { Canceled: true } => Wire.ResourceCommandResponseKind.Cancelled,
                _ => Wire.ResourceCommandResponseKind.Failed,
            },
        };
        if (result.Message is { } message)
        {
            response.Message = message;
        }

        return response;
    }

    public override Task WatchInteractions(
        IAsyncStreamReader<Wire.WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<Wire.WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context)
        => lifetime.StreamAsync(context, cancellationToken => Task.Delay(Timeout.Infinite, cancellationToken));

    // UploadFile answers UNIMPLEMENTED: nothing here asks the user for a file.
}
