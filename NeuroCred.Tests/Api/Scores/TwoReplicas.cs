using NeuroCred.Tests.Api.Postgres;
using NeuroCred.Tests.Api.Redis;

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
        _first = await ApiProgram.StartForLoadAsync("api-1", Postgres.ConnectionString, _firstToRedis.Port);
        _second = await ApiProgram.StartForLoadAsync("api-2", Postgres.ConnectionString, _secondToRedis.Port);
        (First, Second) = (new(_first.Address), new(_second.Address));
    }

    /// <summary>Ends the second replica's connection to Redis, or lets nothing pass any more.</summary>
    public Task CutSecondOffAsync(bool refused) => _secondToRedis.CutAsync(refused);

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
}
