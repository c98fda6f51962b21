using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something a user can do to a resource, from the dashboard or a test.</summary>
public sealed class ResourceCommandAnnotation(
    string name,
    string displayName,
    Func<UpdateCommandStateContext, ResourceCommandState> updateState,
    Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
    string? displayDescription,
    object? parameter,
    string? confirmationMessage,
    string? iconName,
    IconVariant? iconVariant,
    bool isHighlighted) : IResourceAnnotation
{
    /// <summary>The name it is called by.</summary>
    public string Name { get; } = name;

    /// <summary>The name it is shown by.</summary>
    public string DisplayName { get; } = displayName;

    /// <summary>Says whether it can be used now.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; } = updateState;

    /// <summary>Does it.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; } = executeCommand;

    /// <summary>What it does, in a sentence.</summary>
    public string? DisplayDescription { get; } = displayDescription;

    /// <summary>A value that comes back with each call.</summary>
    internal object? Parameter { get; } = parameter;

    /// <summary>What the user is asked first, if anything.</summary>
    public string? ConfirmationMessage { get; } = confirmationMessage;

    /// <summary>The name of a Fluent UI icon.</summary>
    public string? IconName { get; } = iconName;

    /// <summary>The icon's variant.</summary>
    public IconVariant? IconVariant { get; } = iconVariant;

    /// <summary>Whether it has a button of its own.</summary>
    public bool IsHighlighted { get; } = isHighlighted;
}

/// <summary>How a command looks and when it can be used.</summary>
public class CommandOptions
{
    /// <summary>The options of a command that says nothing special.</summary>
    internal static CommandOptions Default { get; } = new();

    /// <summary>What it does, in a sentence.</summary>
    public string? Description { get; set; }

    /// <summary>A value that comes back with each call.</summary>
    internal object? Parameter { get; set; }

    /// <summary>What the user is asked first, if anything.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>The name of a Fluent UI icon.</summary>
    public string? IconName { get; set; }

    /// <summary>The icon's variant.</summary>
    public IconVariant? IconVariant { get; set; }

    /// <summary>Whether it has a button of its own.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Says whether it can be used now. Default: always.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}

/// <summary>Whether a command can be used.</summary>
public enum ResourceCommandState
{
    /// <summary>It can.</summary>
    Enabled = 0,

    /// <summary>It is shown, and cannot.</summary>
    Disabled = 1,

    /// <summary>It is not shown.</summary>
    Hidden = 2,
}

/// <summary>What a command's state follows from.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>The resource's state.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }
}

/// <summary>A call of a command.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The id of the resource it is called on.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Cancelled when the caller gives up.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The resource's log.</summary>
    public required ILogger Logger { get; init; }
}

/// <summary>What came of a command.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did what it should.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was cancelled.</summary>
    public bool Canceled { get; init; }

    /// <summary>A message for the user.</summary>
    public string? Message { get; init; }
}

/// <summary>Makes results of commands.</summary>
public static class CommandResults
{
    /// <summary>It was done.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It was done, with something to say.</summary>
    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    /// <summary>It failed.</summary>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    /// <summary>It failed.</summary>
    public static ExecuteCommandResult Failure(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Failure(exception.Message);
    }

    /// <summary>It was cancelled.</summary>
    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}
