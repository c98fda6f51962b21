using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard;

/// <summary>The properties of a resource as the dashboard takes them: what the resource says of itself, and what its state says.</summary>
internal static class ResourceMessageProperties
{
    private const string DisplayName = "resource.displayName";
    private const string State = "resource.state";
    private const string HealthState = "resource.healthState";
    private const string StartTime = "resource.startTime";
    private const string StopTime = "resource.stopTime";

    // What the table shows behind the program's name, and which of it is masked there, as 0 or 1: it masks nothing of executable.args.
    private const string Arguments = "resource.appArgs";
    private const string ArgumentsSensitivity = "resource.appArgsSensitivity";

    internal static IEnumerable<Wire.ResourceProperty> Create(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var given = snapshot.Properties.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return snapshot.Properties.Concat(GetStated(change).Concat(GetArguments(snapshot)).Where(p => !given.Contains(p.Name)))
            .Select(p => new Wire.ResourceProperty { Name = p.Name, Value = WireValues.ToWire(p.Value), IsSensitive = p.IsSensitive });
    }

    private static IEnumerable<ResourcePropertySnapshot> GetStated(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        (string Name, object? Value)[] stated =
        [
            (DisplayName, change.Resource.Name),
            (State, snapshot.State?.Text),
            (HealthState, snapshot.HealthStatus?.ToString()),
            (StartTime, snapshot.StartTimeStamp),
            (StopTime, snapshot.StopTimeStamp),
            (KnownProperties.ExitCode, snapshot.ExitCode),
        ];
        return stated.Where(p => p.Value is not null).Select(p => new ResourcePropertySnapshot(p.Name, p.Value));
    }

    private static IEnumerable<ResourcePropertySnapshot> GetArguments(CustomResourceSnapshot snapshot)
        => snapshot.Properties.FirstOrDefault(p => p.Name == KnownProperties.ExecutableArgs) is { Value: IReadOnlyCollection<string> arguments, IsSensitive: var isSensitive }
            ? [new(Arguments, arguments) { IsSensitive = isSensitive }, new(ArgumentsSensitivity, arguments.Select(_ => isSensitive ? 1 : 0))]
            : [];
}
