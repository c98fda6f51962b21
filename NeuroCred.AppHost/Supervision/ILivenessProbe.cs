namespace NeuroCred.AppHost.Supervision;

/// <summary>Asks a resource once whether it lives.</summary>
internal interface ILivenessProbe
{
    /// <summary>Asks.</summary>
    Task<LivenessResult> ProbeAsync(CancellationToken cancellationToken);
}
