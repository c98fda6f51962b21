using NeuroCred.Benchmarks.UnderTest;
using NeuroCred.Tests.Api.Postgres;

namespace NeuroCred.Tests.Api;

/// <summary>The Api as a program.</summary>
internal static class ApiProgram
{
    /// <summary>The same, with a pool, and without limits for a client that sends as much as many.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="database">Its Postgres.</param>
    /// <param name="redis">The port of its Redis; null for none.</param>
    public static Task<ProgramProcess> StartForLoadAsync(string name, string database, int? redis = null) =>
        StartAsync(
            name,
            PostgresServer.WithPool(database),
            new Dictionary<string, string>(OneAddress.Replica) { ["ConnectionStrings:redis"] = redis is null ? "" : $"127.0.0.1:{redis}" }
        );

    /// <summary>Starts a replica, and waits until it can serve: it listens before it knows whether Postgres does.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="database">Its Postgres.</param>
    /// <param name="settings">Its other settings, as keys of the configuration.</param>
    public static async Task<ProgramProcess> StartAsync(string name, string database, IReadOnlyDictionary<string, string>? settings = null)
    {
        var replica = await StartUnreadyAsync(name, database, settings);
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

    /// <summary>Starts a replica, and waits until it listens.</summary>
    public static Task<ProgramProcess> StartUnreadyAsync(
        string name,
        string database,
        IReadOnlyDictionary<string, string>? settings = null
    ) =>
        ProgramProcess.StartAsync(
            "NeuroCred.Api",
            name,
            new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
            {
                ["ConnectionStrings:neurocred"] = database,
                ["Api:Key"] = Workload.ApiKey,
            }
        );

    /// <summary>Waits until a replica can serve.</summary>
    public static async Task WaitUntilReadyAsync(ProgramProcess replica)
    {
        using var http = new HttpClient { BaseAddress = replica.Address };
        await Until.HoldsAsync(
            async () =>
            {
                using var response = await http.GetAsync("/health/ready", Cancellation);
                return response.IsSuccessStatusCode;
            },
            TimeSpan.FromMinutes(2),
            () => "The replica is not ready."
        );
    }
}
