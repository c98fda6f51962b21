using System.Diagnostics.CodeAnalysis;
using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Diagnostics;
using NeuroCred.Monitor.Discovery;
using NeuroCred.Monitor.Gateway;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Probes;
using NeuroCred.Monitor.Scraping;
using NeuroCred.Monitor.Snapshots;
using NeuroCred.Monitor.Telemetry;
using NeuroCred.Monitor.Timeline;
using NeuroCred.Monitor.Traffic;
using OpenTelemetry.Metrics;

namespace NeuroCred.Monitor;

internal static class MonitorServices
{
    /// <summary>Adds what watches the gateway and the replicas, finds what is wrong, and makes the snapshots.</summary>
    public static void AddMonitor(this IServiceCollection services, MonitorOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<EventTimeline>();

        services.AddSingleton<WatchedReplicas>();
        services.AddHostedService<ReplicaDiscovery>();
        services.AddSingleton<UpstreamAddresses>();
        services.AddSingleton<LogCounters>();
        services.AddSingleton<TrafficRecorder>();
        services.AddHostedService<AccessLogFollower>();

        services.AddHostedSingleton<GatewayStatus>();
        services.AddHostedSingleton<ReplicaProber>();
        services.AddSingleton<IReplicaHealthSource>(provider => provider.GetRequiredService<ReplicaProber>());

        services.AddSingleton<ReplicaMetricsStore>();
        services.AddHostedService<MetricsScraper>();

        services.AddSingleton<Observer>();
        services.AddSingleton<Diagnostician>();
        services.AddSingleton<SnapshotBuilder>();
        services.AddSingleton<SnapshotFeed>();
        services.AddHostedSingleton<SnapshotPublisher>();

        services.AddSingleton<MonitorTelemetry>();
        services.AddHostedSingleton<MonitorGauges>();
        services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(MonitorTelemetry.Name));
    }

    private static void AddHostedSingleton<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services
    )
        where T : class, IHostedService => services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
