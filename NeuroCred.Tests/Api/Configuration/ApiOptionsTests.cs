using NeuroCred.Api.Configuration;
using Npgsql;

namespace NeuroCred.Tests.Api.Configuration;

public class ApiOptionsTests
{
    private const string Database = "Host=db;Username=u;Password=p;Database=neurocred";

    [Fact]
    public void All_errors_are_reported_at_once_each_with_its_key()
    {
        var settings = GivenSettings.Of(
            ("Api:MaxConcurrentRequests", "0"),
            ("Idempotency:RetentionHours", "1"),
            ("Retention:TransactionDays", "-1"),
            ("Retention:HistoryDays", "a year"),
            ("RateLimits:ScoresPerMinute", "-1"),
            ("RateLimits:PerMinute", "10"),
            ("ConnectionStrings:redis", "x:1,nonsense=2")
        );

        ApiOptions.Read(settings);

        Assert.Equal(9, settings.Errors.Count);
        foreach (
            var key in new[]
            {
                "Api:Key",
                "ConnectionStrings:neurocred",
                "ConnectionStrings:redis",
                "Idempotency:RetentionHours",
                "Retention:TransactionDays",
                "Retention:HistoryDays",
                "Api:MaxConcurrentRequests",
                "RateLimits:ScoresPerMinute is '-1': give a number of requests, or 0 for any number, 0 to 1000000.",
                "RateLimits:PerMinute is not known",
            }
        )
        {
            Assert.Contains(settings.Errors, error => error.StartsWith(key, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("hunter2ü", "position 8 ")]
    [InlineData("hunter2 ", "position 8 ")]
    [InlineData(" hunter2", "position 1 ")]
    [InlineData("hunter2", "too short")]
    public void What_a_header_does_not_carry_is_named_by_its_place_and_without_any_part_of_the_key(string key, string place)
    {
        var settings = GivenSettings.Of(("Api:Key", key), ("ConnectionStrings:neurocred", Database));

        ApiOptions.Read(settings);

        Assert.Contains(place, Assert.Single(settings.Errors), StringComparison.Ordinal);
        Assert.All(settings.Errors, error => Assert.DoesNotContain("hunter", error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_may_have_quotes_and_spaces_inside() =>
        Assert.Equal(
            "a \"';,=$(x) b",
            ApiOptions.Read(GivenSettings.Of(("Api:Key", "a \"';,=$(x) b"), ("ConnectionStrings:neurocred", Database))).ApiKey
        );

    [Fact]
    public void The_rest_of_a_password_after_a_semicolon_appears_in_no_error()
    {
        var settings = GivenSettings.Of(("Api:Key", "long-enough"), ("ConnectionStrings:neurocred", "Host=db;Password=some;hunter=2"));

        ApiOptions.Read(settings);

        Assert.DoesNotContain("hunter", Assert.Single(settings.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_and_the_database_are_all_that_must_be_set()
    {
        var options = ApiOptions.Read(GivenSettings.Of(("Api:Key", "long-enough"), ("ConnectionStrings:neurocred", Database)));

        Assert.Null(options.Redis);
        Assert.Equal((TimeSpan.FromHours(24), 256), (options.KeyRetention, options.MaxConcurrentRequests));
    }

    [Fact]
    public void A_database_gets_short_timeouts_and_a_pool_within_the_budget()
    {
        var builder = new NpgsqlConnectionStringBuilder(DatabaseDefaults.Complete(Database));

        Assert.Equal((10, 2, 2), (builder.MaxPoolSize, builder.Timeout, builder.CommandTimeout));
        Assert.Equal((50, true), (builder.MaxAutoPrepare, builder.NoResetOnClose));
        Assert.Contains("idle_in_transaction_session_timeout=1000", builder.Options, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_connection_string_says_stands()
    {
        var builder = new NpgsqlConnectionStringBuilder(
            DatabaseDefaults.Complete(Database + ";Maximum Pool Size=7;Timeout=9;Options=-c a=b;Max Auto Prepare=0;No Reset On Close=false")
        );

        Assert.Equal((7, 9, "-c a=b"), (builder.MaxPoolSize, builder.Timeout, builder.Options));
        Assert.Equal((0, false), (builder.MaxAutoPrepare, builder.NoResetOnClose));
    }

    [Theory]
    [InlineData("Host=db;Database=neurocred;Max Auto Prepare=0")]
    [InlineData("postgres://u:p@db/neurocred?max_auto_prepare=0")]
    public void A_pooler_that_knows_no_prepared_statements_can_be_had(string given)
    {
        var options = ApiOptions.Read(GivenSettings.Of(("Api:Key", "long-enough"), ("ConnectionStrings:neurocred", given)));

        Assert.Equal(0, new NpgsqlConnectionStringBuilder(options.Database).MaxAutoPrepare);
    }

    [Theory]
    [InlineData("Host=a,b;Database=neurocred", "read-write")]
    [InlineData("Host=a,b;Database=neurocred;Target Session Attributes=primary", "read-write")]
    [InlineData("postgres://u:p@a,b/neurocred?target_session_attrs=primary", "read-write")]
    [InlineData("postgres://u:p@a:1,b:2/neurocred", "read-write")]
    [InlineData("postgres://u:p@a/neurocred?target_session_attrs=read-write", null)]
    [InlineData("Host=a;Database=neurocred;Target Session Attributes=primary", null)]
    public void Of_several_hosts_the_one_that_can_write_is_used_and_one_host_is_used_as_it_is(string given, string? expected)
    {
        var options = ApiOptions.Read(GivenSettings.Of(("Api:Key", "long-enough"), ("ConnectionStrings:neurocred", given)));

        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(options.Database).TargetSessionAttributes);
    }

    [Theory]
    [InlineData("Host=a,b;Password=hunter2;Target Session Attributes=any", "sessions that may not be able to write")]
    [InlineData("Host=a,b;Password=hunter2;Target Session Attributes=prefer-primary", "sessions that may not be able to write")]
    [InlineData("postgres://u:hunter2@a,b/neurocred?target_session_attrs=standby", "sessions that may not be able to write")]
    [InlineData("Host=a,b;Password=hunter2;Target Session Attributes=hunter", "no Npgsql connection string")]
    [InlineData("postgres://u:hunter2@a,/neurocred", "no Npgsql connection string")]
    [InlineData("Host=a,;Password=hunter2", "a host without a name")]
    public void A_connection_string_for_sessions_that_cannot_write_or_with_a_nameless_host_is_refused(string given, string words)
    {
        var settings = GivenSettings.Of(("Api:Key", "long-enough"), ("ConnectionStrings:neurocred", given));

        ApiOptions.Read(settings);

        Assert.Contains(words, Assert.Single(settings.Errors), StringComparison.Ordinal);
        Assert.All(settings.Errors, error => Assert.DoesNotContain("hunter", error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Host=db;Database=neurocred", 7)]
    [InlineData("postgresql://u:p@db/neurocred", 7)]
    [InlineData("Host=db;Maximum Pool Size=3", 3)]
    public void A_platform_that_cannot_change_the_connection_string_can_still_bound_the_pool(string given, int expected)
    {
        var options = ApiOptions.Read(
            GivenSettings.Of(("Api:Key", "long-enough"), ("ConnectionStrings:neurocred", given), ("Postgres:PoolSize", "7"))
        );

        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(options.Database).MaxPoolSize);
    }

    [Theory]
    [InlineData("Password=hunter2;Nonsense=1")]
    [InlineData("postgresql://u:hunter2@db/neurocred?nonsense=1")]
    [InlineData("postgresql://u:hunter2@@@/neurocred")]
    public void No_secret_appears_in_an_error(string given)
    {
        var settings = GivenSettings.Of(
            ("Api:Key", "hunter"),
            ("ConnectionStrings:neurocred", given),
            ("ConnectionStrings:redis", "redis://:hunter2@db/nonsense")
        );

        ApiOptions.Read(settings);

        Assert.Equal(3, settings.Errors.Count);
        Assert.All(settings.Errors, error => Assert.DoesNotContain("hunter", error, StringComparison.Ordinal));
    }
}
