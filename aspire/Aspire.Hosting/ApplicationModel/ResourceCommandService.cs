using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Carries out the commands of resources.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(ResourceNotificationService notifications, ResourceLoggerService loggers, IServiceProvider services)
        => (_notifications, _loggers, _services) = (notifications, loggers, services);

    /// <summary>Carries out a command.</summary>
    /// <param name="resourceId">The id of the instance, or the name of its resource.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
        => _notifications.TryGetCurrentState(resourceId, out var state)
            ? ExecuteAsync(state.Resource, state.ResourceId, commandName, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"There is no resource '{resourceId}'."));

    /// <summary>Carries out a command.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return ExecuteAsync(resource, resource.GetId(), commandName, cancellationToken);
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, string resourceId, string commandName, CancellationToken cancellationToken)
    {
        var command = resource.Annotations.Snapshot().OfType<ResourceCommandAnnotation>().LastOrDefault(c => c.Name == commandName);
        if (command is null)
        {
            return CommandResults.Failure($"'{resource.Name}' has no command '{commandName}'.");
        }

        var log = _loggers.GetLogger(resourceId);
        try
        {
            CommandLog.Executing(log, command.DisplayName);
            var result = await command.ExecuteCommand(new()
            {
                ResourceName = resourceId,
                ServiceProvider = _services,
                CancellationToken = cancellationToken,
                Logger = log,
            }).ConfigureAwait(false);
            if (!result.Success && !result.Canceled)
            {
                CommandLog.Failed(log, command.DisplayName, result.Message);
            }

            return result;
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
#pragma warning disable CA1031 // Whatever a command throws is that command's failure, not the caller's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            CommandLog.Failed(log, command.DisplayName, e.Message);
            return CommandResults.Failure(e);
        }
    }
}

internal static partial class CommandLog
{
    [LoggerMessage(LogLevel.Information, "Command '{Command}'.")]
    internal static partial void Executing(ILogger logger, string command);

    [LoggerMessage(LogLevel.Error, "Command '{Command}' failed: {Reason}")]
    internal static partial void Failed(ILogger logger, string command, string? reason);
}
