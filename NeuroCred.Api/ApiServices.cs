using System.Text;
using Microsoft.AspNetCore.Diagnostics;
using NeuroCred.Api.Configuration;
using NeuroCred.Api.Live;
using NeuroCred.Api.Overload;
using NeuroCred.Api.Postgres;
using NeuroCred.Api.Redis;
using NeuroCred.Api.Scores;
using NeuroCred.Api.Security;
using NeuroCred.Api.Telemetry;
using NeuroCred.Api.Wallets;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace NeuroCred.Api;

internal static class ApiServices
{
    private const long MaxBodyBytes = 1024 * 1024; // as nginx's default; a full batch has about 300 KB

    private static readonly TimeSpan RedisCheckTimeout = TimeSpan.FromMilliseconds(500);

    public static void AddApi(this WebApplicationBuilder builder, ApiOptions options)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            // A header that is not UTF-8 is then refused by what reads it; by default Kestrel answers 400 without a body.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.UTF8;
        });
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.AllowDuplicateProperties = false;
        });
        // A body that cannot be read becomes an exception, and that becomes a problem that says where.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

        services.AddSingleton(options);
        services.AddSingleton(new ApiKey(options.ApiKey));
        services.AddPostgres(options);
        services.AddScoreCache(options);
        builder.AddLiveScores(options);
        services.AddRequestQueue(options.MaxConcurrentRequests);
        services.AddSingleton<TransactionStore>();
        services.AddSingleton<ScoreReader>();
        services.AddSingleton<WalletTurns>();
        services.AddSingleton<ScoreWriter>();
        services.AddHostedService<ScoreWarmUp>();
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
        services.AddSingleton(provider => new RedisConnection(
            connectionString,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisConnection>>()
        ));
        services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
        services.AddSingleton<ScoreCacheFence>();
        services.AddSingleton<IScoreCache, RedisScoreCache>();
        services.AddSingleton<RedisHealthCheck>();
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis", timeout: RedisCheckTimeout);
    }
}
