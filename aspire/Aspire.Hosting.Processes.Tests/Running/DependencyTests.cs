using Aspire.Hosting.Testing;
using Npgsql;
using StackExchange.Redis;

namespace Aspire.Hosting.Processes.Tests.Running;

/// <summary>Redis and Postgres are what they are in containers.</summary>
[Collection(RunningApplicationTests.Name)]
public sealed class DependencyTests(RunningApplication running)
{
    [Fact]
    public async Task Redis_answers_whoever_has_its_connection_string() =>
        await PingAsync(ConfigurationOptions.Parse(await running.GetConnectionStringAsync("redis")));

    [Fact]
    public async Task Redis_refuses_a_wrong_password()
    {
        var options = ConfigurationOptions.Parse(await running.GetConnectionStringAsync("redis"));
        options.Password = "wrong";

        await Assert.ThrowsAsync<RedisConnectionException>(() => PingAsync(options));
    }

    [Fact]
    public async Task Postgres_answers_whoever_has_the_connection_string_of_a_database() =>
        Assert.Equal("database", await AskUntilAnsweredAsync());

    [Fact]
    public async Task Postgres_refuses_a_wrong_password()
    {
        await AskUntilAnsweredAsync();
        var connection = new NpgsqlConnectionStringBuilder(await running.GetConnectionStringAsync("database")) { Password = "wrong" };

        await Assert.ThrowsAsync<PostgresException>(() => AskAsync(connection.ConnectionString));
    }

    [Fact]
    public async Task A_password_may_have_any_character_for_Redis()
    {
        await running.WaitForLineAsync("odd-redis", "Ready to accept connections");
        var endpoint = running.Application.GetEndpoint("odd-redis", "tcp");

        await PingAsync(
            new()
            {
                EndPoints = { { endpoint.Host, endpoint.Port } },
                Password = RunningApplication.OddPassword,
                Ssl = running.OddRedis.TlsEnabled,
            }
        );
    }

    [Fact]
    public async Task A_password_may_have_any_character_for_Postgres()
    {
        await running.WaitForLineAsync("odd-postgres", "database system is ready to accept connections");
        var endpoint = running.Application.GetEndpoint("odd-postgres", "tcp");
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = endpoint.Host,
            Port = endpoint.Port,
            Username = "postgres",
            Password = RunningApplication.OddPassword,
            Database = "postgres",
        };

        Assert.Equal("postgres", await AskAsync(connection.ConnectionString));
    }

    [Fact]
    public async Task Whoever_waits_for_them_starts_when_they_are_healthy_and_is_told_where_they_are()
    {
        var environment = (await running.WaitForAsync("client", "Running")).EnvironmentVariables.ToDictionary(v => v.Name, v => v.Value);

        Assert.Equal(await running.GetConnectionStringAsync("redis"), environment["ConnectionStrings__redis"]);
        Assert.Equal(await running.GetConnectionStringAsync("database"), environment["ConnectionStrings__database"]);
    }

    [Theory]
    [InlineData("redis", "docker.io/library/redis:")]
    [InlineData("postgres", "docker.io/library/postgres:")]
    [InlineData("gateway", "docker.io/library/nginx:")]
    public Task Its_log_says_that_it_is_a_process_and_why(string resource, string image) =>
        Task.WhenAll(
            running.WaitForLineAsync(resource, $"'{resource}' runs as a process of this machine in place of the image {image}"),
            running.WaitForLineAsync(resource, ", because the tests are about processes.")
        );

    private static async Task PingAsync(ConfigurationOptions options)
    {
        options.ConnectRetry = 1;
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options);
        await redis.GetDatabase().PingAsync();
    }

    // Another test may just have started it again: then it has no database until Aspire has made it.
    private async Task<string> AskUntilAnsweredAsync()
    {
        var deadline = RunningApplication.Deadline;
        var connection = await running.GetConnectionStringAsync("database");
        while (true)
        {
            try
            {
                return await AskAsync(connection);
            }
            catch (NpgsqlException e) when (e.IsTransient || e.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                await Task.Delay(100, deadline);
            }
        }
    }

    private static async Task<string> AskAsync(string connectionString)
    {
        await using var data = NpgsqlDataSource.Create(connectionString);
        await using var command = data.CreateCommand("SELECT current_database()");
        return Assert.IsType<string>(await command.ExecuteScalarAsync(RunningApplication.Deadline));
    }
}
