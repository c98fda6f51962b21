using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Live;
using NeuroCred.Api.Overload;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.RateLimiting;
using NeuroCred.Api.Redis;
using NeuroCred.Api.Retention;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Security;
using NeuroCred.Api.Telemetry;
using NeuroCred.Api.Wallets;
using NeuroCred.Api.WarmUp;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace NeuroCred.Api;

internal static class ApiServices
{
    private static readonly TimeSpan s_redisCheckTimeout = TimeSpan.FromMilliseconds(500);

    public static void AddApi(this WebApplicationBuilder builder, ApiOptions options)
    {
        var services = builder.Services;
        builder.AddServerLimits();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull; // ApiJson's own options do not count here
        });
        // A body that cannot be read becomes an exception, and that becomes a problem that says where.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

        services.AddSingleton(options);
        services.AddSingleton<ApiKeys>();
        services.AddPostgres(options);
        services.AddScoreCache(options);
        builder.AddLiveScores(options);
        services.AddRateLimits(options.RateLimits);
        services.AddRequestQueue(options.MaxConcurrentRequests);
        services.AddSingleton<TransactionStore>();
        services.AddSingleton<StakingStore>();
        services.AddSingleton(options.Retention);
        services.AddHostedService<Purge>();
        services.AddSingleton<ScoreReader>();
        services.AddSingleton<ScoreHistoryReader>();
        services.AddSingleton(provider => new WalletTurns(
            provider.GetRequiredService<TimeProvider>(),
            most: Math.Max(1, options.MaxConcurrentRequests / 2)
        ));
        services.AddSingleton<IExceptionHandler, WalletBusyHandler>();
        services.AddSingleton<ScoreWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<ApiKeys>());
        services.AddSingleton<ApiKeysHealthCheck>();
        services.AddHealthChecks().AddCheck<ApiKeysHealthCheck>("api-keys");
        services.AddSingleton<IStartupFilter, RequestWarmUp>(); // after the service defaults: theirs count ids
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddNpgsql().AddSource(ApiTelemetry.Name));
        services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter("Npgsql", ApiTelemetry.Name));
    }

    private static void AddPostgres(this IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton(provider => new DatabaseServers(
            options.Database,
            "requests",
            loggers: provider.GetRequiredService<ILoggerFactory>()
        ));
        services.AddSingleton(provider => new ControlDatabase(options.Database, provider.GetRequiredService<DatabaseCircuit>()));
        services.AddSingleton(provider => new DatabaseCircuit(
            options.Database,
            provider.GetRequiredService<DatabaseServers>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DatabaseCircuit>>()
        ));
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseCircuit>());
        services.AddSingleton<Database>();
        services.AddSingleton<DatabaseHealthCheck>();
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database");
        services.AddSingleton<IExceptionHandler, DatabaseExceptionHandler>();
    }

    private static void AddScoreCache(this IServiceCollection services, ApiOptions options)
    {
        if (options.Redis is not { } connectionString)
        {
            services.AddSingleton<IScoreCache, NoScoreCache>();
            return;
        }

        services.AddRedis(connectionString);
        services.AddSingleton<ScoreCacheFence>();
        services.AddSingleton<ScoreCacheRemovals>();
        services.AddHostedService(provider => provider.GetRequiredService<ScoreCacheRemovals>());
        services.AddSingleton<IScoreCache, RedisScoreCache>();
        services.AddSingleton<RedisHealthCheck>();
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis", HealthStatus.Degraded, timeout: s_redisCheckTimeout);
    }

    internal static void AddRedis(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(provider => new RedisConnection(
            connectionString,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisConnection>>()
        ));
        services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
    }
}
