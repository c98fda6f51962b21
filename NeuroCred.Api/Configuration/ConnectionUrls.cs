using System.Globalization;
using Npgsql;
using StackExchange.Redis;

namespace NeuroCred.Api.Configuration;

/// <summary>
/// Turns the URLs in which platforms hand out a database into what the drivers read, which know no URLs. A platform that fills a variable
/// with such a URL often has no way to write it otherwise. Any other text stays as it is.
/// </summary>
internal static class ConnectionUrls
{
    private const int PostgresPort = 5432;
    private const int RedisPort = 6379;

    /// <summary>
    /// <c>postgresql://user:password@host:port/database?sslmode=require</c>, or <c>postgres://</c>. Several hosts have commas between, each
    /// with a port of its own. Further parameters are Npgsql's own.
    /// </summary>
    /// <exception cref="ArgumentException">It is no such URL, or has a parameter that Npgsql does not know. The message holds no
    /// secret.</exception>
    public static string ReadPostgres(string given)
    {
        if (!HasScheme(given, "postgres", "postgresql"))
        {
            return given;
        }

        var (first, others) = SplitHosts(given);
        var url = Parse(first);
        var (user, password) = ReadUser(url);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host =
                others.Length == 0
                    ? url.IdnHost
                    : string.Join(',', others.Select(host => Parse($"postgres://{host}")).Prepend(url).Select(HostAndPort)),
            Port = url.Port < 0 ? PostgresPort : url.Port,
            Username = user,
            Password = password,
            Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')),
        };
        foreach (var parameter in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = Split(parameter, '=');
            // libpq's words are Npgsql's with other punctuation (channel_binding), but for these.
            var word = key.Replace('_', ' ');
            if (word == "target session attrs")
            {
                builder.TargetSessionAttributes = value;
            }
            else if (word.Replace(" ", "", StringComparison.Ordinal).Equals("sslmode", StringComparison.OrdinalIgnoreCase))
            {
                builder.SslMode = Enum.Parse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true); // verify-full
            }
            else
            {
                builder[word] = value;
            }
        }

        return builder.ConnectionString;
    }

    /// <summary><c>redis://user:password@host:port/0</c>, or <c>rediss://</c> for TLS.</summary>
    /// <exception cref="ArgumentException">It is no such URL. The message holds no secret.</exception>
    public static string ReadRedis(string given)
    {
        if (!HasScheme(given, "redis", "rediss"))
        {
            return given;
        }

        var url = Parse(given);
        var (user, password) = ReadUser(url);
        if (user?.Contains(',') == true || password?.Contains(',') == true)
        {
            // It would be read as the end of the password and the beginning of another server.
            throw new ArgumentException(
                "The Redis driver's format has no way to write a comma in a user's name or password. Use another one."
            );
        }

        var options = new ConfigurationOptions
        {
            EndPoints = { { url.IdnHost, url.Port < 0 ? RedisPort : url.Port } },
            User = user is null or "" or "default" ? null : user,
            Password = password,
            Ssl = url.Scheme == "rediss",
        };
        if (url.AbsolutePath.Trim('/') is { Length: > 0 } database)
        {
            options.DefaultDatabase = int.TryParse(database, NumberStyles.None, null, out var number)
                ? number
                : throw new ArgumentException("The path of a Redis URL is a database's number.");
        }

        return options.ToString(includePassword: true);
    }

    private static bool HasScheme(string given, params string[] schemes) =>
        schemes.Any(scheme => given.StartsWith($"{scheme}://", StringComparison.OrdinalIgnoreCase));

    // The URLs of RFC 3986 have one host. https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
    private static (string First, string[] Others) SplitHosts(string given)
    {
        var authority = given.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = given.AsSpan(authority).IndexOfAny('/', '?', '#') is >= 0 and var length ? authority + length : given.Length;
        var hosts = given.LastIndexOf('@', end - 1, end - authority) is >= 0 and var at ? at + 1 : authority;
        var all = given[hosts..end].Split(',');
        return ($"{given[..hosts]}{all[0]}{given[end..]}", all[1..]);
    }

    private static string HostAndPort(Uri url) =>
        $"{(url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost)}:{(url.Port < 0 ? PostgresPort : url.Port)}";

    private static Uri Parse(string given) =>
        Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Host.Length > 0
            ? url
            : throw new ArgumentException("It is no valid URL. Encode what is special in a password (%40 for @).");

    private static (string? User, string? Password) ReadUser(Uri url)
    {
        if (url.UserInfo.Length == 0)
        {
            return (null, null);
        }

        var (user, password) = Split(url.UserInfo, ':');
        return (user, password);
    }

    private static (string First, string Second) Split(string text, char separator)
    {
        var parts = text.Split(separator, 2);
        return (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
