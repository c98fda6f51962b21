using CliWrap;
using StackExchange.Redis;

namespace NeuroCred.Tests.Api.Redis;

/// <summary>A Redis of this machine's programs, on a free port, that keeps nothing on disk.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    /// <summary>Starts it, and does not wait until it listens.</summary>
    public RedisServer() =>
        _process = new(
            Cli.Wrap(Tool.Require("redis-server"))
                .WithArguments(["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
                .WithWorkingDirectory(Path.GetTempPath())
        );

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; } = LocalPort.FindFree();

    /// <summary>Starts one, and waits until it listens.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await Until.HoldsAsync(
            () => LocalPort.IsListening(server.Port),
            TimeSpan.FromMinutes(1),
            () => $"Redis does not listen:\n{server._process.Output}"
        );
        return server;
    }

    /// <summary>Sends its process a signal.</summary>
    public void Signal(UnixSignal signal) => _process.Signal(signal);

    /// <summary>Runs a command on a connection of its own.</summary>
    public async Task<RedisResult> RunAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectAsync();
        return await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    /// <summary>How often a command was called.</summary>
    public async Task<long> CountCommandsAsync(string command)
    {
        await using var connection = await ConnectAsync();
        var line = (await connection.GetServers()[0].InfoAsync("commandstats"))
            .SelectMany(section => section)
            .FirstOrDefault(line => line.Key == $"cmdstat_{command}");
        return line.Value is null ? 0 : long.Parse(line.Value.Split('=', ',')[1]);
    }

    /// <summary>Connects to it.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync() =>
        await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port},allowAdmin=true,connectRetry=10");

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
