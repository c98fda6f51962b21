using NeuroCred.Benchmarks.UnderTest;
using NeuroCred.Tests.Api.Postgres;
using NeuroCred.Tests.Api.Redis;
using NeuroCred.Tests.WholeSystem;

namespace NeuroCred.Tests.Api.Scores;

/// <summary>Two replicas with one Postgres and one Redis, from which each of them can be cut off.</summary>
public sealed class TwoReplicas : IAsyncLifetime
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly NetworkCut _firstToRedis;
    private readonly NetworkCut _secondToRedis;
    private ProgramProcess? _first;
    private ProgramProcess? _second;

    public TwoReplicas() => (_firstToRedis, _secondToRedis) = (new(Redis.Port), new(Redis.Port));

    public PostgresServer Postgres { get; } = new();

    public RedisServer Redis { get; } = new();

    internal GatewayClient First { get; private set; } = null!;

    internal GatewayClient Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Postgres.InitializeAsync();
        _first = await StartAsync("api-1", _firstToRedis);
        _second = await StartAsync("api-2", _secondToRedis);
        (First, Second) = (new(_first.Address), new(_second.Address));
    }

    /// <summary>Ends the second replica's connection to Redis, or lets nothing pass any more.</summary>
    public async Task CutSecondOffAsync(bool refused)
    {
        if (refused)
        {
            await _secondToRedis.RefuseAsync();
        }
        else
        {
            _secondToRedis.FallSilent();
        }
    }

    /// <summary>Ends both connections to Redis.</summary>
    public async Task CutBothOffAsync()
    {
        await _firstToRedis.RefuseAsync();
        await _secondToRedis.RefuseAsync();
    }

    /// <summary>Gives both replicas Redis back, and waits until both read scores from it.</summary>
    public async Task MendAsync()
    {
        _firstToRedis.Mend();
        _secondToRedis.Mend();
        var wallet = Workload.AddressOf($"mended {Guid.NewGuid():N}");
        await GatewayClient.ReadAsync(await First.ComputeScoreAsync(wallet, wallet));
        foreach (var replica in new[] { First, Second })
        {
            await Until.HoldsAsync(
                async () => (await ReadAsync(replica, wallet)).FromCache,
                s_deadline,
                () => "A replica does not read from Redis."
            );
        }
    }

    /// <summary>When the score that a replica shows was computed, and whether it came from Redis.</summary>
    internal static async Task<(string ComputedAt, bool FromCache)> ReadAsync(GatewayClient replica, string wallet)
    {
        var response = await replica.GetAsync($"/api/score/{wallet}");
        var fromCache = response.Headers.GetValues("X-Cache").Single() == "HIT";
        return ((await GatewayClient.ReadAsync(response)).GetProperty("computedAt").GetString()!, fromCache);
    }

    /// <summary>When the new score was computed.</summary>
    internal static async Task<string> ComputeAsync(GatewayClient replica, string wallet) =>
        (await GatewayClient.ReadAsync(await replica.ComputeScoreAsync(wallet, $"{Guid.NewGuid():N}")))
            .GetProperty("computedAt")
            .GetString()!;

    public async ValueTask DisposeAsync()
    {
        First?.Dispose();
        Second?.Dispose();
        foreach (var thing in new IAsyncDisposable?[] { _first, _second, _firstToRedis, _secondToRedis, Redis, Postgres })
        {
            if (thing is not null)
            {
                await thing.DisposeAsync();
            }
        }
    }

    private Task<ProgramProcess> StartAsync(string name, NetworkCut redis) =>
        ApiProgram.StartAsync(
            name,
            new Dictionary<string, string>(OneAddress.Replica)
            {
                ["ConnectionStrings:neurocred"] = PostgresServer
                    .ConnectionStringOn(Postgres.Port)
                    .Replace(";Pooling=false", "", StringComparison.Ordinal),
                ["ConnectionStrings:redis"] = $"127.0.0.1:{redis.Port}",
                ["Api:Key"] = Workload.ApiKey,
            }
        );
}
