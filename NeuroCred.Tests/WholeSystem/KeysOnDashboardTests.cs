namespace NeuroCred.Tests.WholeSystem;

/// <summary>API keys that an operator makes and revokes on the dashboard.</summary>
[Collection(SharedSystem.Name)]
[StartsProcesses]
public sealed partial class KeysOnDashboardTests(RunningSystem system)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_key_that_was_made_works_at_every_replica_and_at_none_a_second_after_it_was_revoked()
    {
        var made = await system.RunKeysCommandAsync("create --client dashboard --scopes read");
        Assert.True(made.Success, made.Message);
        var (id, key) = (KeyId().Match(made.Message!).Groups[1].Value, made.Data!.Value);
        foreach (var replica in RunningSystem.Replicas)
        {
            await Until.HoldsAsync(
                async () => await ReadAsync(replica, key) == HttpStatusCode.NotFound,
                s_deadline,
                () => $"{replica} refuses the new key."
            );
        }

        var revoked = await system.RunKeysCommandAsync($"revoke {id}");
        Assert.True(revoked.Success, revoked.Message);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation); // what is promised

        Assert.All(
            await Task.WhenAll(RunningSystem.Replicas.Select(replica => ReadAsync(replica, key))),
            status => Assert.Equal(HttpStatusCode.Unauthorized, status)
        );
        var unknown = await system.RunKeysCommandAsync("revoke 000000000000");
        Assert.Equal((false, "There is no key 000000000000. 'keys list' shows the ids."), (unknown.Success, unknown.Message));
    }

    private async Task<HttpStatusCode> ReadAsync(string replica, string key)
    {
        using var http = new HttpClient { BaseAddress = system.AddressOf(replica), DefaultRequestHeaders = { { "X-API-Key", key } } };
        using var response = await http.GetAsync($"/api/score/{Workload.AddressOf("nobody")}", Cancellation);
        return response.StatusCode;
    }

    [GeneratedRegex("^The key ([0-9a-f]{12}) ")]
    private static partial Regex KeyId();
}
