namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>What the monitor of a system that runs in containers shows to those who look at it.</summary>
/// <param name="get">Asks the monitor for a path, and returns the body of its answer.</param>
/// <param name="find">Finds the containers of a service that run.</param>
internal sealed partial class ShownSystem(Func<string, Task<string>> get, Func<string, Task<IReadOnlyList<string>>> find)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Waits until the page shows as many replicas as are given, each at the address of a container of its own that runs, and serving.
    /// </summary>
    public async Task WaitUntilItShowsTheReplicasAsync(int count)
    {
        string shown = "",
            running = "";
        await Until.HoldsAsync(
            async () =>
            {
                var replicas = await ReadAsync();
                var containers = await Task.WhenAll((await find("api")).Select(FindAddressesAsync));
                shown = string.Join(", ", replicas);
                running = string.Join(", ", containers.Select(addresses => string.Join('/', addresses)));
                return replicas.Count == count
                    && containers.Length == count
                    && replicas.All(replica => replica.State == "serving")
                    && containers.All(addresses => replicas.Count(replica => addresses.Contains(replica.Address)) == 1)
                    && replicas.All(replica => replica.ServedBy.Length > 0);
            },
            s_deadline,
            () => $"The monitor shows {shown}; there are {running}."
        );
    }

    /// <summary>Waits until the page shows that the gateway answers.</summary>
    public Task WaitUntilTheGatewayAnswersAsync() =>
        Until.HoldsAsync(
            async () =>
            {
                using var snapshot = JsonDocument.Parse(await get("/snapshot"));
                return snapshot.RootElement.GetProperty("gateway").GetProperty("up").GetBoolean();
            },
            s_deadline,
            () => "The gateway does not answer the monitor."
        );

    /// <summary>The names that it shows, with how many requests of the last ten seconds each replica answered.</summary>
    public async Task<IReadOnlyList<ShownReplica>> ReadAsync()
    {
        using var snapshot = JsonDocument.Parse(await get("/snapshot"));
        return
        [
            .. snapshot
                .RootElement.GetProperty("replicas")
                .EnumerateArray()
                .Select(replica => new ShownReplica(
                    replica.GetProperty("name").GetString()!,
                    new Uri(replica.GetProperty("url").GetString()!).Host,
                    replica.GetProperty("health").GetProperty("state").GetString()!,
                    replica.GetProperty("health").TryGetProperty("servedBy", out var own) ? own.GetString() ?? "" : "",
                    replica.GetProperty("traffic").GetProperty("answers").GetInt64()
                )),
        ];
    }

    /// <summary>Waits until its metrics have counted a number of the gateway's requests more than before.</summary>
    public Task WaitUntilItCountedAsync(long before, int requests) =>
        Until.HoldsAsync(
            async () => await CountAsync() >= before + requests,
            s_deadline,
            () => $"{requests} requests were not all counted."
        );

    /// <summary>How many of the gateway's requests its metrics have counted.</summary>
    public async Task<long> CountAsync() =>
        Counted().Matches(await get("/metrics")).Sum(match => long.Parse(match.Groups["count"].ValueSpan));

    private static Task<IReadOnlyList<string>> FindAddressesAsync(string container) =>
        DockerEngine.ListAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{\"\\n\"}}{{end}}", container);

    [GeneratedRegex(@"^neurocred_gateway_requests_total\{[^}]*\} (?<count>\d+)", RegexOptions.Multiline)]
    private static partial Regex Counted();
}

/// <summary>A replica as the monitor's page shows it.</summary>
internal sealed record ShownReplica(string Name, string Address, string State, string ServedBy, long Answers);
