using NeuroCred.Api.RateLimiting;
using NeuroCred.Api.Retention;
using NeuroCred.Settings;
using StackExchange.Redis;

namespace NeuroCred.Api.Configuration;

/// <summary>Everything the Api is configured with, read and checked once, at start.</summary>
/// <param name="ApiKey"><c>Api:Key</c>: a key with all scopes, of the client <c>default</c>. Required, at least 8 characters.</param>
/// <param name="Database">
/// <c>ConnectionStrings:neurocred</c>, in Npgsql's format or as a URL, with <see cref="DatabaseDefaults"/>, <c>Postgres:PoolSize</c>
/// and <see cref="ServiceRole"/> filled in. Required.
/// </param>
/// <param name="Redis"><c>ConnectionStrings:redis</c>, in StackExchange.Redis's format or as a URL. Without it there is no cache.</param>
/// <param name="KeyRetention">
/// <c>Idempotency:RetentionHours</c>: how long an Idempotency-Key is remembered. Default and least: 24 h.
/// </param>
/// <param name="Retention">How long scores and transactions are kept.</param>
/// <param name="MaxLiveConnections"><c>Live:MaxConnections</c>: how many WebSockets this replica serves at once. Default: 1000.</param>
/// <param name="MaxConcurrentRequests">
/// <c>Api:MaxConcurrentRequests</c>: how many requests this replica works on at once; more wait. Default: 256.
/// </param>
/// <param name="PublicReads"><c>Api:PublicReads</c>: whether reading takes no API key. Default: false.</param>
internal sealed record ApiOptions(
    string ApiKey,
    string Database,
    string? Redis,
    TimeSpan KeyRetention,
    RetentionOptions Retention,
    int MaxLiveConnections,
    int MaxConcurrentRequests,
    bool PublicReads = false
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
            RetentionOptions.Read(settings),
            settings.Number("Live:MaxConnections", 1000, 1, 100_000, "a number of connections"),
            settings.Number("Api:MaxConcurrentRequests", DatabaseDefaults.ConcurrentRequests, 1, 10_000, "a number of requests"),
            settings.Flag("Api:PublicReads", false)
        )
        {
            RateLimits = RateLimits.Read(settings),
        };

    /// <summary>Reads <see cref="Database"/> alone; of no use after an error.</summary>
    public static string ReadDatabase(SettingsReader settings)
    {
        var database = ReadOwnersDatabase(settings);
        return ServiceRole.Read(settings)?.ApplyTo(database) ?? database;
    }

    /// <summary>Reads the same with the role that the connection string has, which owns the schema; empty after an error.</summary>
    public static string ReadOwnersDatabase(SettingsReader settings)
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
                $"{problem}. Set it (as a variable: {SettingsReader.Variable(ApiKeySetting)}) to the secret that clients send as "
                    + "X-API-Key: "
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
