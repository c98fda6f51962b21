using CliWrap;
using NeuroCred.Processes;
using NeuroCred.Tests.WholeSystem;
using StackExchange.Redis;

namespace NeuroCred.Tests.Api.RateLimiting;

/// <summary>A Redis of this machine's programs, on a free port, that keeps nothing.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private RedisServer() =>
        _process = new(Cli.Wrap(Tool.Require("redis-server")).WithArguments(["--port", $"{Port}", "--bind", "127.0.0.1", "--save", ""]));

    public int Port { get; } = LocalPort.FindFree();

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

    public void Signal(UnixSignal signal) => _process.Signal(signal);

    /// <summary>How often a command was called.</summary>
    public async Task<long> CountCommandsAsync(string command)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port},allowAdmin=true");
        var line = (await connection.GetServers()[0].InfoAsync("commandstats"))
            .SelectMany(section => section)
            .FirstOrDefault(line => line.Key == $"cmdstat_{command}");
        return line.Value is null ? 0 : long.Parse(line.Value.Split('=', ',')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
