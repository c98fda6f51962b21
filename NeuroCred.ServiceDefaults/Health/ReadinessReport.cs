using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuroCred.ServiceDefaults.Health;

/// <summary>What one dependency's check found.</summary>
/// <param name="Name">The name it was registered by.</param>
/// <param name="Status">What it found.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Detail">Why it is not healthy, in words for an operator.</param>
public sealed record DependencyReport(string Name, HealthStatus Status, TimeSpan Duration, string? Detail);

/// <summary>What all checks found.</summary>
/// <param name="Dependencies">Of each dependency.</param>
public sealed record ReadinessReport(IReadOnlyList<DependencyReport> Dependencies)
{
    /// <summary>The worst of them.</summary>
    public HealthStatus Status => Dependencies.Select(d => d.Status).DefaultIfEmpty(HealthStatus.Healthy).Min();
}
