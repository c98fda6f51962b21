using NeuroCred.Api.RateLimiting;
using NeuroCred.Settings;
using StackExchange.Redis;

namespace NeuroCred.Api.Configuration;

/// <summary>Everything the Api is configured with, read and checked once, at start.</summary>
/// <param name="ApiKey"><c>Api:Key</c>: what writers send as X-API-Key. Required, at least 8 characters.</param>
/// <param name="Database">
/// <c>ConnectionStrings:neurocred</c>, in Npgsql's format or as a URL, with <see cref="DatabaseDefaults"/> and <c>Postgres:PoolSize</c>
/// filled in. Required.
/// </param>
/// <param name="Redis"><c>ConnectionStrings:redis</c>, in StackExchange.Redis's format or as a URL. Without it there is no cache.</param>
/// <param name="KeyRetention">
/// <c>Idempotency:RetentionHours</c>: how long an Idempotency-Key is remembered. Default and least: 24 h.
/// </param>
/// <param name="MaxLiveConnections"><c>Live:MaxConnections</c>: how many WebSockets this replica serves at once. Default: 1000.</param>
/// <param name="MaxConcurrentRequests">
/// <c>Api:MaxConcurrentRequests</c>: how many requests this replica works on at once; more wait. Default: 256.
/// </param>
internal sealed record ApiOptions(
    string ApiKey,
    string Database,
    string? Redis,
    TimeSpan KeyRetention,
    int MaxLiveConnections,
    int MaxConcurrentRequests
)
{
    private const string DatabaseKey = "ConnectionStrings:neurocred";
    private const string RedisKey = "ConnectionStrings:redis";
    private const string ApiKeySetting = "Api:Key";

    /// <summary>Section <c>RateLimits</c>: what each client may send in a minute.</summary>
    public RateLimits RateLimits { get; init; } = new();

    /// <summary>Reads the options. With any error in <paramref name="settings"/> afterwards, they must not be used.</summary>
    public static ApiOptions Read(SettingsReader settings) =>
        new(
            ReadApiKey(settings),
            ReadDatabase(settings),
            ReadRedis(settings),
            TimeSpan.FromHours(settings.Number("Idempotency:RetentionHours", 24, 24, 8760, "a number of hours")),
            settings.Number("Live:MaxConnections", 1000, 1, 100_000, "a number of connections"),
            settings.Number("Api:MaxConcurrentRequests", 256, 1, 10_000, "a number of requests")
        )
        {
            RateLimits = RateLimits.Read(settings),
        };

    /// <summary>Reads <see cref="Database"/> alone; empty after an error.</summary>
    public static string ReadDatabase(SettingsReader settings)
    {
        var poolSize = settings.Number("Postgres:PoolSize", DatabaseDefaults.PoolSize, 1, 1000, "a number of connections");
        try
        {
            if (settings.Text(DatabaseKey) is { } given)
            {
                return DatabaseDefaults.Complete(ConnectionUrls.ReadPostgres(given), poolSize);
            }

            settings.Report(
                DatabaseKey,
                $"is missing. Set it (as a variable: {SettingsReader.Variable(DatabaseKey)}) to a Postgres connection string, "
                    + "such as Host=localhost;Port=5432;Username=postgres;Password=...;Database=neurocred."
            );
        }
        catch (NotSupportedException e)
        {
            settings.Report(DatabaseKey, e.Message);
        }
        catch (ArgumentException)
        {
            // The driver's message names what it took for a keyword: the rest of a password after a semicolon.
            settings.Report(
                DatabaseKey,
                "is no Npgsql connection string. Write it as Host=...;Port=...;Username=...;Password=...;Database=..., "
                    + "or as postgresql://user:password@host:port/database; several hosts with commas between. "
                    + "Quote what is special in a password (\"a;b\"); in a URL, encode it (%40 for @)."
            );
        }
        return "";
    }

    private static string ReadApiKey(SettingsReader settings)
    {
        var key = settings.Secret(ApiKeySetting) ?? "";
        if (HeaderSecret.FindProblem(key) is { } problem)
        {
            settings.Report(
                ApiKeySetting,
                $"{problem}. Set it (as a variable: {SettingsReader.Variable(ApiKeySetting)}) to the secret that writers send as X-API-Key: "
                    + $"{HeaderSecret.Expected}."
            );
        }
        return key;
    }

    private static string? ReadRedis(SettingsReader settings)
    {
        if (settings.Text(RedisKey) is not { } given)
        {
            return null;
        }
        try
        {
            given = ConnectionUrls.ReadRedis(given);
            if (ConfigurationOptions.Parse(given).EndPoints.Count > 0)
            {
                return given;
            }
            settings.Report(RedisKey, "names no server. Write it as host:port,password=..., or remove it to run without a cache.");
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            settings.Report(
                RedisKey,
                "is no StackExchange.Redis connection string. Write it as host:port,password=..., "
                    + "or as redis://user:password@host:port (no commas in either), or remove it to run without a cache."
            );
        }
        return null;
    }
}
