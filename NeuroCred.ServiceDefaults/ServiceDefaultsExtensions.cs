using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NeuroCred.ServiceDefaults.Errors;
using NeuroCred.ServiceDefaults.Health;
using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.ServiceDefaults.Requests;
using NeuroCred.ServiceDefaults.Telemetry;
using NeuroCred.Settings;

namespace NeuroCred.ServiceDefaults;

/// <summary>What every NeuroCred service shares: telemetry, health, draining, identity, errors, service discovery.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds the shared services, and the middleware that must see every request first: <c>X-Served-By</c>, <c>X-Request-ID</c>,
    /// <c>X-Response-Time</c>, <c>X-Content-Type-Options: nosniff</c> and forwarded headers.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="settings">The settings, which get the errors. With any of them, the application must not be started.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>
    /// var builder = WebApplication.CreateBuilder(args);
    /// var settings = new SettingsReader(builder.Configuration);
    /// builder.AddServiceDefaults(settings);
    /// if (settings.WriteErrors(Console.Error))
    /// {
    ///     return 1;
    /// }
    /// var app = builder.Build();
    /// app.MapDefaultEndpoints();
    /// </code></example>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(ServiceIdentity.From(builder.Configuration, builder.Environment));
        builder.AddTelemetry();

        services.AddHealthChecks();
        services.AddSingleton<ReadinessProbe>();
        services.AddSingleton<DrainState>();
        services.AddHostedService<DrainOnStop>();
        services.AddHostedService<ReadinessWarmUp>();
        var drainTimes = DrainTimes.Read(settings);
        services.AddSingleton(drainTimes);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainOnStop.ShutdownTimeout(drainTimes));

        services.AddProblemDetails(options =>
            options.CustomizeProblemDetails = context => Problems.AddRequestId(context.HttpContext, context.ProblemDetails)
        );
        services.AddForwardedHeadersFromGateway(settings);
        var hstsMaxAge = settings.Duration("Tls:HstsMaxAge", TimeSpan.Zero);
        services.Configure<HstsOptions>(hsts => hsts.MaxAge = hstsMaxAge);
        services.AddSingleton<IStartupFilter, RequestHeadersStartupFilter>();

        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (liveness), <c>/health/ready</c> (readiness) and, on the management port if there is one, <c>/metrics</c>
    /// (Prometheus) in every environment, turns every error into problem details (RFC 9457), and refuses new requests while an operator
    /// drains. Call it before mapping the application's own endpoints.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        // Here, and not in the startup filter: in Development the framework puts a page with the stack trace between the two.
        app.UseExceptionHandler(UnhandledException.Options);
        if (app.Services.GetRequiredService<IOptions<HstsOptions>>().Value.MaxAge > TimeSpan.Zero)
        {
            app.UseHsts(); // over HTTPS alone, which the platform ends and tells of
        }
        // Routing leaves an error without a body.
        app.UseStatusCodePages(pages =>
            Problems.WriteAsync(pages.HttpContext, Problems.ForStatus(pages.HttpContext, pages.HttpContext.Response.StatusCode))
        );
        app.UseDrainGate();
        app.MapHealth();
        app.MapMetrics();
        return app;
    }
}
