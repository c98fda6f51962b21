using CliWrap;
using StackExchange.Redis;

namespace NeuroCred.Tests.Api.Redis;

/// <summary>A Redis of this machine's programs, on a free port, that keeps nothing on disk.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly ChildProcess _server;

    /// <summary>Starts it.</summary>
    public RedisServer() =>
        _server = new(
            Cli.Wrap("redis-server")
                .WithArguments(["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
                .WithWorkingDirectory(Path.GetTempPath())
        );

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; } = LocalPort.FindFree();

    /// <summary>Runs a command on a connection of its own.</summary>
    public async Task<RedisResult> RunAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port},allowAdmin=true,connectRetry=10");
        return await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
