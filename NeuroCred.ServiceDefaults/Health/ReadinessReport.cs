using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuroCred.ServiceDefaults.Health;

/// <summary>What one dependency's check found.</summary>
internal sealed record DependencyReport(string Name, HealthStatus Status, TimeSpan Duration, string? Detail);

/// <summary>What all checks found; the worst of them decides.</summary>
internal sealed record ReadinessReport(IReadOnlyList<DependencyReport> Dependencies)
{
    public HealthStatus Status => Dependencies.Select(d => d.Status).DefaultIfEmpty(HealthStatus.Healthy).Min();
}
