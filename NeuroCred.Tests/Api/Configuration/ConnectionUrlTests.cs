using NeuroCred.Api.Configuration;
using Npgsql;
using StackExchange.Redis;

namespace NeuroCred.Tests.Api.Configuration;

public class ConnectionUrlTests
{
    [Fact]
    public void A_platforms_Postgres_URL_reaches_the_same_database_as_the_drivers_own_words()
    {
        var builder = new NpgsqlConnectionStringBuilder(
            ConnectionUrls.ReadPostgres("postgresql://app:p%40ss%3Aw%2Ford%3B@db.internal:6543/neuro%20cred?sslmode=verify-full")
        );

        Assert.Equal(
            ("db.internal", 6543, "app", "p@ss:w/ord;", "neuro cred", SslMode.VerifyFull),
            (builder.Host, builder.Port, builder.Username, builder.Password, builder.Database, builder.SslMode)
        );
    }

    [Fact]
    public void A_Postgres_URL_without_a_port_means_the_usual_one() =>
        Assert.Equal(5432, new NpgsqlConnectionStringBuilder(ConnectionUrls.ReadPostgres("postgres://app@db/neurocred")).Port);

    [Fact]
    public void The_other_parameters_of_a_Postgres_URL_reach_the_driver_as_they_are()
    {
        var builder = new NpgsqlConnectionStringBuilder(
            ConnectionUrls.ReadPostgres(
                "postgres://app@db/neurocred?application_name=credit-api&options=-c%20search_path%3Dneuro-cred"
                    + "&Root%20Certificate=/a-b/c.pem"
            )
        );

        Assert.Equal(
            ("credit-api", "-c search_path=neuro-cred", "/a-b/c.pem"),
            (builder.ApplicationName, builder.Options, builder.RootCertificate)
        );
    }

    [Theory]
    [InlineData("postgres://app:p%2C%40@a,b/neurocred?target_session_attrs=read-write", "a:5432,b:5432")]
    [InlineData(
        "postgresql://app:p%2C%40@a:6543,[::1],b.internal:7/neurocred?sslmode=require&target_session_attrs=read-write",
        "a:6543,[::1]:5432,b.internal:7"
    )]
    public void A_Postgres_URL_may_have_several_hosts_each_with_its_port(string url, string hosts)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionUrls.ReadPostgres(url));

        Assert.Equal(
            (hosts, "app", "p,@", "neurocred", "read-write"),
            (builder.Host, builder.Username, builder.Password, builder.Database, builder.TargetSessionAttributes)
        );
    }

    [Theory]
    [InlineData("redis://cache", 6379, null, null, false, null)]
    [InlineData("redis://default:s%2Fecret@cache:6380", 6380, null, "s/ecret", false, null)]
    [InlineData("rediss://app:secret@cache:6380/2", 6380, "app", "secret", true, 2)]
    public void A_platforms_Redis_URL_reaches_the_same_server_as_the_drivers_own_words(
        string url,
        int port,
        string? user,
        string? password,
        bool tls,
        int? database
    )
    {
        var options = ConfigurationOptions.Parse(ConnectionUrls.ReadRedis(url));

        Assert.Equal(new DnsEndPoint("cache", port), Assert.Single(options.EndPoints));
        Assert.Equal((user, password, tls, database), (options.User, options.Password, options.Ssl, options.DefaultDatabase));
    }

    [Theory]
    [InlineData("Host=db;Password=postgresql://x")]
    [InlineData("cache:6379,password=redis://x")]
    public void What_is_no_URL_stays_as_it_is(string given) =>
        Assert.Equal((given, given), (ConnectionUrls.ReadPostgres(given), ConnectionUrls.ReadRedis(given)));
}
