using NeuroCred.Tests.WholeSystem;

namespace NeuroCred.Tests.Api;

/// <summary>The Api as a program.</summary>
internal static class ApiProgram
{
    /// <summary>Starts a replica, and waits until it can serve: it listens before it knows whether Postgres does.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="settings">Its settings, as keys of the configuration.</param>
    public static async Task<ProgramProcess> StartAsync(string name, IReadOnlyDictionary<string, string> settings)
    {
        var replica = await ProgramProcess.StartAsync("NeuroCred.Api", name, settings);
        try
        {
            await WaitUntilReadyAsync(replica);
            return replica;
        }
        catch
        {
            await replica.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a replica can serve.</summary>
    public static async Task WaitUntilReadyAsync(ProgramProcess replica)
    {
        using var http = new HttpClient { BaseAddress = replica.Address };
        await Until.HoldsAsync(
            async () =>
            {
                using var response = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
                return response.IsSuccessStatusCode;
            },
            TimeSpan.FromMinutes(2),
            () => "The replica is not ready."
        );
    }
}
