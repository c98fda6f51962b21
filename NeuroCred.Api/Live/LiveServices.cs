using NeuroCred.Api.Configuration;

namespace NeuroCred.Api.Live;

internal static class LiveServices
{
    // A client that is gone and has not closed its connection is noticed within the sum of both.
    private static readonly TimeSpan s_pingInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_pongTimeout = TimeSpan.FromSeconds(10);

    public static void AddLiveScores(this WebApplicationBuilder builder, ApiOptions options)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxLiveConnections);
        var services = builder.Services;
        services.AddSingleton<LiveScoreHub>();
        services.AddSingleton<ILiveScoreSource, LiveScoreSource>();
        services.AddSingleton<ScoreAnnouncer>();
        services.AddHostedService<LiveCatchUp>();
        if (options.Redis is not null)
        {
            services.AddHostedService<ScoreSubscription>();
        }
    }

    /// <summary>To be called after errors become problems, and before routing.</summary>
    public static void UseLiveScores(this WebApplication app) =>
        app.UseWebSockets(new() { KeepAliveInterval = s_pingInterval, KeepAliveTimeout = s_pongTimeout });
}
