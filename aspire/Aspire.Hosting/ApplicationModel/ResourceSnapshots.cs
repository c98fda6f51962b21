using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Makes and compares snapshots.</summary>
internal static class ResourceSnapshots
{
    internal static CustomResourceSnapshot CreateInitial(IResource resource)
    {
        var annotations = resource.Annotations.Snapshot();
        var icon = annotations.OfType<ResourceIconAnnotation>().LastOrDefault();
        var initial = annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot ?? new()
        {
            ResourceType = GetResourceType(resource),
            Properties = [],
        };
        return initial with
        {
            CreationTimeStamp = initial.CreationTimeStamp ?? DateTime.UtcNow,
            IconName = initial.IconName ?? icon?.IconName,
            IconVariant = initial.IconVariant ?? icon?.IconVariant,
            Relationships = GetRelationships(annotations),
            HealthReports = GetUnreportedChecks(annotations),
        };
    }

    /// <summary>The resource's health checks, none of which has said anything yet.</summary>
    internal static ImmutableArray<HealthReportSnapshot> GetUnreportedChecks(IEnumerable<IResourceAnnotation> annotations)
        => [.. annotations.OfType<HealthCheckAnnotation>().Select(a => new HealthReportSnapshot(a.Key, null, null, null))];

    internal static ImmutableArray<ResourceCommandSnapshot> GetCommands(IResource resource, CustomResourceSnapshot snapshot, IServiceProvider? services, ILogger logger)
    {
        if (services is null)
        {
            return [];
        }

        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = services };
        return [.. resource.Annotations.Snapshot().OfType<ResourceCommandAnnotation>().Select(c => new ResourceCommandSnapshot(
            c.Name, GetState(c), c.DisplayName, c.DisplayDescription, c.Parameter, c.ConfirmationMessage, c.IconName, c.IconVariant, c.IsHighlighted))];

        ResourceCommandState GetState(ResourceCommandAnnotation command)
        {
            try
            {
                return command.UpdateState(context);
            }
#pragma warning disable CA1031 // A command's fault must not keep the resource's state from those who wait for it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                NotificationLog.CommandStateFailed(logger, command.Name, resource.Name, e.Message);
                return ResourceCommandState.Disabled;
            }
        }
    }

    internal static bool IsTerminal(CustomResourceSnapshot snapshot)
        => snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    /// <summary>Whether nothing a watcher could see differs. Records compare immutable arrays by reference, so they are compared here.</summary>
    internal static bool AreSame(CustomResourceSnapshot x, CustomResourceSnapshot y)
        => x with
        {
            Properties = y.Properties,
            EnvironmentVariables = y.EnvironmentVariables,
            Urls = y.Urls,
            Volumes = y.Volumes,
            Commands = y.Commands,
            Relationships = y.Relationships,
            HealthReports = y.HealthReports,
        } == y
        && x.Properties.SequenceEqual(y.Properties)
        && x.EnvironmentVariables.SequenceEqual(y.EnvironmentVariables)
        && x.Urls.SequenceEqual(y.Urls)
        && x.Volumes.SequenceEqual(y.Volumes)
        && x.Commands.SequenceEqual(y.Commands)
        && x.Relationships.SequenceEqual(y.Relationships)
        && x.HealthReports.SequenceEqual(y.HealthReports);

    private static string GetResourceType(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ContainerResource => "Container",
        ExecutableResource => "Executable",
        ParameterResource => "Parameter",
        _ => resource.GetType().Name.EndsWith("Resource", StringComparison.Ordinal) ? resource.GetType().Name[..^"Resource".Length] : resource.GetType().Name,
    };

    private static ImmutableArray<RelationshipSnapshot> GetRelationships(IEnumerable<IResourceAnnotation> annotations)
        => [.. annotations.OfType<ResourceRelationshipAnnotation>().Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)).Distinct()];
}
