using NeuroCred.Settings;

namespace NeuroCred.Api.RateLimiting;

/// <summary>What a client may send in a minute to each route, on all replicas together. 0 switches a limit off.</summary>
internal sealed record RateLimits
{
    private const string Section = "RateLimits";

    /// <summary><c>RateLimits:ScoresPerMinute</c>: new scores. Default: 600.</summary>
    public RateLimit Scores { get; init; } = new("scores", 600);

    /// <summary><c>RateLimits:WritesPerMinute</c>: every other write. Default: 600.</summary>
    public RateLimit Writes { get; init; } = new("writes", 600);

    /// <summary><c>RateLimits:ReadsPerMinute</c>: reads; opening a WebSocket is one. Default: 6000.</summary>
    public RateLimit Reads { get; init; } = new("reads", 6000);

    /// <summary>
    /// <c>RateLimits:AnonymousReadsPerMinute</c>: reads without an API key, for each address (with IPv6: each network of 64 bits). Default:
    /// 60.
    /// </summary>
    public RateLimit AnonymousReads { get; init; } = new("anonymous-reads", 60);

    /// <summary>Reads the limits. With any error in <paramref name="settings"/> afterwards, they must not be used.</summary>
    public static RateLimits Read(SettingsReader settings)
    {
        var byDefault = new RateLimits();
        var limits = new RateLimits
        {
            Scores = Read("ScoresPerMinute", byDefault.Scores),
            Writes = Read("WritesPerMinute", byDefault.Writes),
            Reads = Read("ReadsPerMinute", byDefault.Reads),
            AnonymousReads = Read("AnonymousReadsPerMinute", byDefault.AnonymousReads),
        };
        settings.ReportUnknown(Section, "docs/configuration.md");
        return limits;

        RateLimit Read(string key, RateLimit limit) =>
            new(
                limit.Name,
                settings.Number($"{Section}:{key}", limit.PerMinute, 0, 1_000_000, "a number of requests, or 0 for any number")
            );
    }
}
