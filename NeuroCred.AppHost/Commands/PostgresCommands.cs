using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuroCred.Processes;

namespace NeuroCred.AppHost.Commands;

/// <summary>The dashboard's Restart of Postgres, in place of Aspire's.</summary>
internal static partial class PostgresCommands
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Has Restart end Postgres's process by a signal (SIGTERM), and the supervisor start it again: requests are held for 6 s by default.
    /// Aspire's own Restart first looks for all descendants of the process, of which Postgres has one for each connection, and then asks
    /// for its end at intervals that double: up to 7.6 s without a database were measured. A container is restarted by Aspire.
    /// </summary>
    internal static IResourceBuilder<PostgresServerResource> WithRestartBySupervisor(this IResourceBuilder<PostgresServerResource> postgres)
    {
        var isReplaced = false;

        // Aspire adds its commands when the application has been built.
        return postgres.OnBeforeResourceStarted(
            (resource, _, _) =>
            {
                if (!isReplaced)
                {
                    Replace(resource);
                    isReplaced = true;
                }

                return Task.CompletedTask;
            }
        );
    }

    private static void Replace(PostgresServerResource postgres)
    {
        var aspires = postgres.Annotations.OfType<ResourceCommandAnnotation>().Single(c => c.Name == KnownResourceCommands.RestartCommand);
        postgres.Annotations.Remove(aspires);
        postgres.Annotations.Add(
            new ResourceCommandAnnotation(
                aspires.Name,
                aspires.DisplayName,
                aspires.UpdateState,
                context => RestartAsync(context, aspires),
                aspires.DisplayDescription,
                aspires.Arguments,
                aspires.ConfirmationMessage,
                aspires.IconName,
                aspires.IconVariant,
                aspires.IsHighlighted
            )
        );
    }

    private static async Task<ExecuteCommandResult> RestartAsync(ExecuteCommandContext context, ResourceCommandAnnotation aspires)
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        if (
            !notifications.TryGetCurrentState(context.ResourceName, out var current)
            || ResourceProcess.Find(current.Snapshot) is not { } process
            || !process.Terminate()
        )
        {
            return await aspires.ExecuteCommand(context);
        }

        Told(context.Logger, process.Id);
        try
        {
            await notifications
                .WaitForResourceAsync(
                    current.Resource.Name,
                    change => ResourceProcess.GetId(change.Snapshot) is { } id && id != process.Id,
                    context.CancellationToken
                )
                .WaitAsync(s_timeout, context.CancellationToken);
            return CommandResults.Success();
        }
        catch (TimeoutException)
        {
            return CommandResults.Failure(
                $"It was told to end, and does not run again after {s_timeout.TotalSeconds:0} s; its log says why."
            );
        }
    }

    [LoggerMessage(LogLevel.Information, "Command: restart. The process is told to end (pid {Id}), and the supervisor starts it again.")]
    private static partial void Told(ILogger logger, int id);
}
