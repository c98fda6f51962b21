using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Resolves what a resource is started with.</summary>
internal static class ResourceConfiguration
{
    internal static async Task<Dictionary<string, string>> GetEnvironmentAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, ILogger? logger, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, [], cancellationToken) { Logger = logger ?? NullLogger.Instance };
        foreach (var annotation in resource.Annotations.Snapshot().OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        var resolved = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await ResolveAsync(resource, $"the environment variable '{name}'", value, executionContext, cancellationToken).ConfigureAwait(false) is { } text)
            {
                resolved[name] = text;
            }
        }

        return resolved;
    }

    internal static async Task<List<ResolvedArgument>> GetArgumentsAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, ILogger? logger, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken)
        {
            ExecutionContext = executionContext,
            Logger = logger ?? NullLogger.Instance,
        };
        foreach (var annotation in resource.Annotations.Snapshot().OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        var resolved = new List<ResolvedArgument>();
        foreach (var value in context.Args)
        {
            if (await ResolveAsync(resource, "an argument", value, executionContext, cancellationToken).ConfigureAwait(false) is { } text)
            {
                resolved.Add(new(text, IsSensitive(value)));
            }
        }

        return resolved;
    }

    private static async Task<string?> ResolveAsync(
        IResource resource, string what, object? value, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        try
        {
            return value switch
            {
                null => null,
                string text => text,
                IValueProvider provider => await provider.GetValueAsync(new() { Caller = resource, ExecutionContext = executionContext }, cancellationToken).ConfigureAwait(false),
                IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(cancellationToken).ConfigureAwait(false),
                IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString(),
            };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new DistributedApplicationException($"'{resource.Name}' cannot be started, for {what} has no value: {e.Message}", e);
        }
    }

    private static bool IsSensitive(object? value) => value switch
    {
        ParameterResource parameter => parameter.Secret,
        IResourceWithConnectionString => true,
        IResourceBuilder<IResource> builder => IsSensitive(builder.Resource),
        IValueWithReferences withReferences => withReferences.References.Any(IsSensitive),
        _ => false,
    };
}

/// <summary>An argument a resource is started with.</summary>
/// <param name="Value">Its text.</param>
/// <param name="IsSensitive">Whether the dashboard masks it.</param>
internal sealed record ResolvedArgument(string Value, bool IsSensitive);
