using NeuroCred.AppHost;
using NeuroCred.AppHost.Commands;
using NeuroCred.AppHost.Monitoring;
using NeuroCred.AppHost.Supervision;

var builder = DistributedApplication.CreateBuilder(args);
var topology = builder.ReadTopology();

// Writes need this key. Generated once and kept, unless Parameters__apikey gives one.
var apiKey = builder.AddParameter("apikey", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

// The truth, and what makes it fast. Neither stands behind a proxy: a server that is down must refuse, not keep callers waiting.
var postgres = builder.AddPostgres("postgres").WithDataVolume().WithoutProxy();
var database = postgres.AddDatabase("neurocred");
var redis = builder.AddRedis("redis").WithoutProxy();

// The schema is brought up to date once, by the same program, before any replica serves.
var migrations = builder.AddProject<Projects.NeuroCred_Api>("migrations", o => o.ExcludeLaunchProfile = true)
    .WithArgs("migrate")
    .WithReference(database).WaitFor(database);

// Each replica is a resource with a port of its own, so that nginx sees three servers. It waits for nothing but the
// migrations, since that is asked again at every start: a killed replica must come back while Redis is down. 521 tells
// the gateway that no other replica could do better: it asks none.
var replicas = topology.Replicas.Select(replica => builder.AddProject<Projects.NeuroCred_Api>(replica.Name, o => o.ExcludeLaunchProfile = true)
    .WithHttpEndpoint(replica.Port, isProxied: false)
    .WithEndpoint("http", endpoint => endpoint.TargetHost = topology.Host)
    .WithEnvironment("Api__Key", apiKey)
    .WithEnvironment("Api__DependencyDownStatus", "521")
    .WithEnvironment("Draining__Grace", topology.DrainGrace.ToString())
    .WithEnvironment("Draining__Timeout", topology.DrainTimeout.ToString())
    .WithEnvironment("Postgres__PoolSize", topology.PostgresPoolSize.ToString())
    .WithReference(database)
    .WithReference(redis)
    .WithHttpHealthCheck("/health")
    .WithReplicaCommands(apiKey)
    .WaitForCompletion(migrations)).ToArray();

// The gateway waits for no replica: it serves whatever is there.
var gateway = builder.AddNginx("gateway", topology.GatewayPort)
    .WithHttps(topology.GatewayHttpsPort)
    .WithLoadBalancing(replicas.Select(replica => replica.GetEndpoint("http")), topology.Policy)
    .WithExternalHttpEndpoints()
    .WithRollingRestart(replicas, topology.Policy);

// Watches the gateway and the replicas, and says what is wrong. If it ends, nothing else notices.
var log = gateway.WriteLogForMonitor();
var monitor = builder.AddProject<Projects.NeuroCred_Monitor>("monitor", o => o.ExcludeLaunchProfile = true)
    .WithHttpEndpoint(topology.MonitorPort, isProxied: false)
    .Watching(gateway, log, replicas)
    .WithPages(gateway);

if (topology.IsSupervised)
{
    builder.AddSupervisor(topology.Policy, replicas, [gateway, redis, postgres, monitor]);
}

builder.AnnounceWhenReady(gateway, replicas[0], monitor, apiKey);

builder.Build().Run();
