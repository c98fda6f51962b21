using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>What a dependency's absence means to clients.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public class DependencyTests(RunningSystem system) : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly GatewayClient _client = new(system.Gateway);
    private readonly string _id = Guid.NewGuid().ToString("N");

    public void Dispose()
    {
        _client.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Without_Redis_everything_works_and_readiness_says_degraded()
    {
        var wallet = Workload.AddressOf(_id);
        await system.ExecuteAsync("redis", KnownResourceCommands.StopCommand);
        try
        {
            var computed = await GatewayClient.ReadAsync(await _client.ComputeScoreAsync(wallet, _id));

            Assert.Equal(computed.ToString(), (await _client.GetScoreAsync(wallet)).ToString());
            await WaitForReadinessAsync("degraded");
        }
        finally
        {
            await system.ExecuteAsync("redis", KnownResourceCommands.StartCommand);
        }

        await WaitForReadinessAsync("ready");
    }

    [Fact]
    public async Task Without_Postgres_there_is_a_503_with_Retry_After_and_nothing_acknowledged_is_lost()
    {
        var wallet = Workload.AddressOf(_id);
        var acknowledged = await GatewayClient.ReadAsync(await _client.ComputeScoreAsync(wallet, _id));
        await system.ExecuteAsync("postgres", KnownResourceCommands.StopCommand);
        try
        {
            using var refused = await _client.ComputeScoreAsync(wallet, $"{_id}-2");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        }
        finally
        {
            await system.ExecuteAsync("postgres", KnownResourceCommands.StartCommand);
        }

        await WaitForReadinessAsync("ready");
        Assert.Equal(acknowledged.ToString(), (await _client.GetScoreAsync(wallet)).ToString());
    }

    /// <summary>Waits until every replica says so.</summary>
    private async Task WaitForReadinessAsync(string status)
    {
        using var timeout = new CancellationTokenSource(s_deadline);
        foreach (var replica in RunningSystem.Replicas)
        {
            using var http = system.Application.CreateHttpClient(replica);
            while (!(await ReadReadinessAsync(http)).Contains($"\"status\":\"{status}\",\"service\"", StringComparison.Ordinal))
            {
                timeout.Token.ThrowIfCancellationRequested();
            }
        }

        async Task<string> ReadReadinessAsync(HttpClient http)
        {
            using var response = await http.GetAsync("/health/ready", timeout.Token);
            return await response.Content.ReadAsStringAsync(timeout.Token);
        }
    }
}
