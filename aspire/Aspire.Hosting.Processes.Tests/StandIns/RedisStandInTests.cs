using System.Net.Sockets;
using System.Text;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>The redis image, run as a process.</summary>
public sealed class RedisStandInTests : IDisposable
{
    private readonly TestContainer _redis = new("redis", 6379);

    public void Dispose() => _redis.Dispose();

    [Fact]
    public async Task Redis_answers_on_the_port_it_was_given_and_ends_on_SIGTERM()
    {
        await using var running = await _redis.StartAsync();
        Assert.Equal("+PONG", await AskAsync("PING"));

        Assert.Equal(0, await running.StopAsync());
        await _redis.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Arguments_that_begin_with_a_dash_go_to_the_server()
    {
        _redis.Launch = _redis.Launch with { Arguments = ["--requirepass", "secret", "--maxmemory", "64mb"] };
        await using var running = await _redis.StartAsync();
        Assert.StartsWith("-NOAUTH", await AskAsync("PING"));
        Assert.Equal("67108864", await AskAsync("AUTH secret\r\nCONFIG GET maxmemory", lines: 6));
    }

    [Fact]
    [Trait(OrdinaryUserTests.Also, OrdinaryUserTests.Name)]
    public async Task A_shell_as_entrypoint_starts_the_same_server()
    {
        _redis.Launch = _redis.Launch with
        {
            Entrypoint = "/bin/sh",
            Arguments = ["-c", "redis-server --requirepass $REDIS_PASSWORD --save 60 1 --dir /data"],
            Environment = new Dictionary<string, string> { ["REDIS_PASSWORD"] = "from-the-environment" },
        };
        await using var running = await _redis.StartAsync();
        Assert.Equal("60 1", await AskAsync("AUTH from-the-environment\r\nCONFIG GET save", lines: 6));
        Assert.Equal(0, await running.StopAsync());
    }

    [Fact]
    public async Task A_shell_that_stays_beside_its_server_does_not_cost_the_data()
    {
        _redis.Launch = _redis.Launch with { Entrypoint = "sh", Arguments = ["-c", "redis-server --save 60 1; echo ended"] };
        _redis.Mount("data", "/data");
        await using (var running = await _redis.StartAsync())
        {
            Assert.Equal("+OK", await AskAsync("SET score 700"));
            await running.StopAsync();
            await _redis.NothingIsLeftAsync();
        }

        await using var again = await _redis.StartAsync();
        Assert.Equal("700", await AskAsync("GET score", lines: 2));
    }

    [Fact]
    public async Task A_configuration_file_is_used_with_the_container_paths_in_it()
    {
        _redis.Launch = _redis.Launch with { Arguments = ["/usr/local/etc/redis/redis.conf"] };
        _redis.AddFile("/usr/local/etc/redis/redis.conf", "port 6379\nbind 0.0.0.0\ndir /data\ndbfilename scores.rdb\n");
        _redis.Mount("data", "/data");
        await using var running = await _redis.StartAsync();
        Assert.Equal(_redis.Volume("data"), await AskAsync("CONFIG GET dir", lines: 5));
        Assert.Equal("scores.rdb", await AskAsync("CONFIG GET dbfilename", lines: 5));
        Assert.Equal("127.0.0.1", await AskAsync("CONFIG GET bind", lines: 5));
    }

    [Fact]
    [Trait(OrdinaryUserTests.Also, OrdinaryUserTests.Name)]
    public async Task Data_in_a_volume_survives()
    {
        _redis.Mount("data", "/data");
        await using (var running = await _redis.StartAsync())
        {
            Assert.Equal("+OK", await AskAsync("SET score 812"));
        }

        await using var again = await _redis.StartAsync();
        Assert.Equal("812", await AskAsync("GET score", lines: 2));
    }

    [Fact]
    public async Task Nothing_outlives_a_supervisor_that_is_killed()
    {
        await using var running = await _redis.StartAsync();
        await AskAsync("PING");
        Running.Signals.Send(running.Id, "KILL");
        await _redis.NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_killed_server_ends_its_supervisor_and_can_be_started_again_at_once()
    {
        await using var running = await _redis.StartAsync();
        await AskAsync("PING");
        Running.Signals.Send(running.Service, "KILL");
        Assert.Equal(137, await running.WaitForExitAsync());

        await using var again = await _redis.StartAsync();
        Assert.Equal("+PONG", await AskAsync("PING"));
    }

    // Sends commands and returns the given line of the answer, counted from one.
    private async Task<string?> AskAsync(string commands, int lines = 1)
    {
        string? line = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using TcpClient client = new();
                    await client.ConnectAsync("127.0.0.1", _redis.Port, TestContext.Current.CancellationToken);
                    await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(commands + "\r\n"), TestContext.Current.CancellationToken);
                    using StreamReader reader = new(client.GetStream());
                    for (var read = 0; read < lines; read++)
                    {
                        line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
                    }

                    return line is not null && !line.StartsWith("-LOADING", StringComparison.Ordinal);
                }
                catch (Exception e) when (e is SocketException or IOException)
                {
                    return false;
                }
            },
            "Redis answering"
        );
        return line;
    }
}
