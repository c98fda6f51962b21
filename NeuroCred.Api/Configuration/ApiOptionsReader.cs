using System.Globalization;
using NeuroCred.ServiceDefaults.Configuration;
using StackExchange.Redis;

namespace NeuroCred.Api.Configuration;

/// <summary>Reads <see cref="ApiOptions"/> and reports every error at once, each with its key and how to fix it.</summary>
internal static class ApiOptionsReader
{
    public const string DatabaseKey = "ConnectionStrings:neurocred";
    private const string RedisKey = "ConnectionStrings:redis";
    private const string ApiKeyKey = "Api:Key";
    private const string RetentionKey = "Idempotency:RetentionHours";
    private const string LiveKey = "Live:MaxConnections";
    private const string ConcurrencyKey = "Api:MaxConcurrentRequests";
    private const string PoolKey = "Postgres:PoolSize";

    /// <exception cref="InvalidConfigurationException">Something is missing or wrong.</exception>
    public static ApiOptions Read(IConfiguration configuration)
    {
        List<string> errors = [];
        var options = new ApiOptions(
            ReadApiKey(configuration, errors),
            ReadDatabase(configuration, errors) ?? "",
            ReadRedis(configuration, errors),
            TimeSpan.FromHours(ReadNumber(configuration, RetentionKey, 24, n => n is >= 24 and <= 8760, "hours from 24 to 8760", errors)),
            ReadNumber(configuration, LiveKey, 1000, n => n is >= 1 and <= 100_000, "a number of connections from 1 to 100000", errors),
            ReadNumber(configuration, ConcurrencyKey, 256, n => n is >= 1 and <= 10_000, "a number of requests from 1 to 10000", errors));
        return errors.Count == 0 ? options : throw new InvalidConfigurationException(errors);
    }

    /// <returns>The completed connection string, or null after an error.</returns>
    public static string? ReadDatabase(IConfiguration configuration, List<string> errors)
    {
        var given = configuration[DatabaseKey];
        if (string.IsNullOrWhiteSpace(given))
        {
            errors.Add($"{DatabaseKey} is missing. Set it (as a variable: {Variable(DatabaseKey)}) to a Postgres connection string, "
                + "such as Host=localhost;Port=5432;Username=postgres;Password=...;Database=neurocred.");
            return null;
        }
        try
        {
            return DatabaseDefaults.Complete(ConnectionUrls.ReadPostgres(given), ReadNumber(
                configuration, PoolKey, DatabaseDefaults.PoolSize, n => n is >= 1 and <= 1000, "a number of connections from 1 to 1000", errors));
        }
        catch (NotSupportedException e)
        {
            errors.Add($"{DatabaseKey} {e.Message}");
            return null;
        }
        catch (ArgumentException)
        {
            // The driver's message names what it took for a keyword: the rest of a password after a semicolon.
            errors.Add($"{DatabaseKey} is no Npgsql connection string. Write it as Host=...;Port=...;Username=...;Password=...;Database=..., or as postgresql://user:password@host:port/database; several hosts with commas between. Quote what is special in a password (\"a;b\"); in a URL, encode it (%40 for @).");
            return null;
        }
    }

    private static string ReadApiKey(IConfiguration configuration, List<string> errors)
    {
        var key = configuration[ApiKeyKey] ?? "";
        var expected = $"Set it (as a variable: {Variable(ApiKeyKey)}) to the secret that writers send as X-API-Key: "
            + "at least 8 printable ASCII characters, with no space at either end.";
        var unusable = key.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (unusable < 0 && key.Trim() != key)
        {
            unusable = key[0] == ' ' ? 0 : key.Length - 1;
        }
        if (unusable >= 0)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{ApiKeyKey} has a character at position {unusable + 1} that an HTTP header does not carry. {expected}"));
        }
        else if (key.Length < 8)
        {
            errors.Add($"{ApiKeyKey} is {(key.Length == 0 ? "missing" : "too short")}. {expected}");
        }
        return key;
    }

    private static string? ReadRedis(IConfiguration configuration, List<string> errors)
    {
        var given = configuration[RedisKey];
        if (string.IsNullOrWhiteSpace(given))
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
            errors.Add($"{RedisKey} names no server. Write it as host:port,password=..., or remove it to run without a cache.");
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            errors.Add($"{RedisKey} is no StackExchange.Redis connection string. Write it as host:port,password=..., or as redis://user:password@host:port (no commas in either), or remove it to run without a cache.");
        }
        return null;
    }

    private static int ReadNumber(IConfiguration configuration, string key, int byDefault, Func<int, bool> valid, string expected, List<string> errors)
    {
        var given = configuration[key];
        if (string.IsNullOrWhiteSpace(given))
        {
            return byDefault;
        }
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && valid(number))
        {
            return number;
        }
        errors.Add($"{key} is '{given}'. Set it to {expected}, or remove it for the default of {byDefault}.");
        return byDefault;
    }

    private static string Variable(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
