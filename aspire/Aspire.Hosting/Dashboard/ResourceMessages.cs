using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard;

/// <summary>The state of a resource as the dashboard takes it.</summary>
internal static class ResourceMessages
{
    internal static Wire.Resource Create(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var isReachable = IsReachable(snapshot.State?.Text);
        var message = new Wire.Resource
        {
            Name = change.ResourceId,
            ResourceType = snapshot.ResourceType,
            DisplayName = change.Resource.Name,
            Uid = change.ResourceId,
            CreatedAt = WireValues.ToWire(snapshot.CreationTimeStamp),
            StartedAt = WireValues.ToWire(snapshot.StartTimeStamp),
            StoppedAt = WireValues.ToWire(snapshot.StopTimeStamp),
            IsHidden = snapshot.IsHidden || snapshot.State?.Text == KnownResourceStates.Hidden,
            Environment = { snapshot.EnvironmentVariables.Select(Create) },
            Properties = { ResourceMessageProperties.Create(change) },
            Urls = { snapshot.Urls.Select(u => Create(u, isReachable)) },
            HealthReports = { snapshot.HealthReports.Select(Create) },
            Commands = { snapshot.Commands.Select(Create) },
            Relationships = { snapshot.Relationships.Select(r => new Wire.ResourceRelationship { ResourceName = r.ResourceName, Type = r.Type }) },
            Volumes = { snapshot.Volumes.Select(Create) },
        };

        // An optional field is either given or absent: generated setters refuse null.
        if (snapshot.State is { } state)
        {
            message.State = state.Text;
            if (state.Style is { } style)
            {
                message.StateStyle = style;
            }
        }

        if (snapshot.IconName is { } icon)
        {
            message.IconName = icon;
            message.IconVariant = Create(snapshot.IconVariant);
        }

        return message;
    }

    /// <summary>Whether a resource in this state answers. One that uses words of its own for its state is believed to.</summary>
    private static bool IsReachable(string? state)
        => state is not null
            && state != KnownResourceStates.NotStarted
            && state != KnownResourceStates.Waiting
            && state != KnownResourceStates.Starting
            && !KnownResourceStates.TerminalStates.Contains(state);

    private static Wire.EnvironmentVariable Create(EnvironmentVariableSnapshot variable)
    {
        var message = new Wire.EnvironmentVariable { Name = variable.Name, IsFromSpec = variable.IsFromSpec };
        if (variable.Value is { } value)
        {
            message.Value = value;
        }

        return message;
    }

    private static Wire.Url Create(UrlSnapshot url, bool isReachable)
    {
        var message = new Wire.Url
        {
            FullUrl = url.Url,
            IsInternal = url.IsInternal,
            IsInactive = url.IsInactive || !isReachable,
            DisplayProperties = new() { DisplayName = url.DisplayProperties.DisplayName, SortOrder = url.DisplayProperties.SortOrder },
        };
        if (url.Name is { } endpoint)
        {
            message.EndpointName = endpoint;
        }

        return message;
    }

    private static Wire.HealthReport Create(HealthReportSnapshot report)
    {
        var message = new Wire.HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
            LastRunAt = WireValues.ToWire(report.LastRunAt),
        };
        if (report.Status is { } status)
        {
            message.Status = status switch
            {
                HealthStatus.Healthy => Wire.HealthStatus.Healthy,
                HealthStatus.Degraded => Wire.HealthStatus.Degraded,
                _ => Wire.HealthStatus.Unhealthy,
            };
        }

        return message;
    }

    private static Wire.ResourceCommand Create(ResourceCommandSnapshot command)
    {
        var message = new Wire.ResourceCommand
        {
            Name = command.Name,
            DisplayName = command.DisplayName,
            IsHighlighted = command.IsHighlighted,
            State = command.State switch
            {
                ResourceCommandState.Enabled => Wire.ResourceCommandState.Enabled,
                ResourceCommandState.Disabled => Wire.ResourceCommandState.Disabled,
                _ => Wire.ResourceCommandState.Hidden,
            },
        };
        if (command.DisplayDescription is { } description)
        {
            message.DisplayDescription = description;
        }

        if (command.ConfirmationMessage is { } question)
        {
            message.ConfirmationMessage = question;
        }

        if (command.IconName is { } icon)
        {
            message.IconName = icon;
            message.IconVariant = Create(command.IconVariant);
        }

        return message;
    }

    private static Wire.Volume Create(VolumeSnapshot volume)
        => new() { Source = volume.Source ?? "", Target = volume.Target, MountType = volume.MountType, IsReadOnly = volume.IsReadOnly };

    private static Wire.IconVariant Create(IconVariant? variant)
        => variant == IconVariant.Filled ? Wire.IconVariant.Filled : Wire.IconVariant.Regular;
}
