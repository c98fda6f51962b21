using NeuroCred.Settings;

namespace NeuroCred.Balancer.Deployment;

/// <summary>
/// What the templates of every platform may say of a plan: numbers, times, paths and images, which are written alike in all languages.
/// </summary>
internal static class PlanValues
{
    /// <summary>The values by their placeholders. Quotes around them are the template's.</summary>
    internal static Dictionary<string, string> Of(DeploymentPlan plan)
    {
        var policy = plan.Policy;
        return new()
        {
            ["api_image"] = plan.Images.Api,
            ["monitor_image"] = plan.Images.Monitor,
            ["nginx_image"] = plan.Images.Nginx,
            ["postgres_image"] = plan.Images.Postgres,
            ["cloudnative_pg_image"] = plan.Images.CloudNativePg,
            ["redis_image"] = plan.Images.Redis,
            ["port"] = $"{policy.Upstream.Port}",
            ["management_port"] = $"{DefaultPorts.Management}",
            ["monitor_port"] = $"{DeployedMonitor.Port}",
            ["log_folder"] = DeployedMonitor.LogFolder,
            ["log_mebibytes"] = $"{DeployedMonitor.LogMebibytes}",
            ["pool_size"] = $"{plan.PostgresPoolSize}",
            ["max_connections"] = $"{plan.PostgresMaxConnections}",
            ["draining_grace"] = $"{policy.Draining.Grace}",
            ["draining_timeout"] = $"{policy.Draining.Timeout}",
            ["liveness_path"] = policy.Health.Liveness.Path,
            ["liveness_failures"] = $"{policy.Health.Liveness.UnhealthyThreshold}",
            ["readiness_path"] = policy.Health.Readiness.Path,
            ["readiness_failures"] = $"{policy.Health.Readiness.UnhealthyThreshold}",
            ["min_replicas"] = $"{policy.Scaling.MinReplicas}",
            ["max_replicas"] = $"{policy.Scaling.MaxReplicas}",
            ["cpu_percent"] = $"{policy.Scaling.CpuPercent}",
            ["memory_percent"] = $"{policy.Scaling.MemoryPercent}",
            ["queue_length"] = $"{policy.Scaling.QueueLength}",
            ["cpu_millicores"] = $"{plan.Resources.CpuMillicores}",
            ["cpu_limit_millicores"] = $"{plan.Resources.CpuLimitMillicores}",
            ["cpu_limit"] = $"{plan.Resources.CpuLimitMillicores / 1000m:0.###}",
            ["memory"] = $"{plan.Resources.MemoryMebibytes}",
            ["memory_limit"] = $"{plan.Resources.MemoryLimitMebibytes}",
        };
    }
}
