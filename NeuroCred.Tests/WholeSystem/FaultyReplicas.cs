using NeuroCred.Balancer.Nginx;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>Three replicas whose faults can be switched on, each at the end of a way that can be made longer.</summary>
internal sealed class FaultyReplicas : IAsyncDisposable
{
    private readonly Dictionary<string, (ProgramProcess Process, DelayingProxy Way)> _replicas = [];

    private FaultyReplicas() { }

    /// <summary>The ways to them, as a gateway knows them.</summary>
    public IReadOnlyList<NginxServer> Servers => [.. _replicas.Select(r => new NginxServer(r.Key, "127.0.0.1", r.Value.Way.Port))];

    /// <summary>Starts them.</summary>
    public static async Task<FaultyReplicas> StartAsync()
    {
        var replicas = new FaultyReplicas();
        foreach (var name in RunningSystem.Replicas)
        {
            var process = await ProgramProcess.StartAsync(
                "NeuroCred.Tests.Replica",
                name,
                new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = "2" }
            );
            replicas._replicas.Add(name, (process, new(process.Address.Port)));
        }

        return replicas;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, way) in _replicas.Values)
        {
            await way.DisposeAsync();
            await process.DisposeAsync();
        }
    }

    /// <summary>The way to a replica.</summary>
    public DelayingProxy WayTo(string replica) => _replicas[replica].Way;

    /// <summary>Ends a replica's fault, and begins another one.</summary>
    public async Task SwitchAsync(string replica, string fault, int amount = 0)
    {
        using var http = new HttpClient { BaseAddress = _replicas[replica].Process.Address };
        using var response = await http.PutAsync($"/fault/{fault}?amount={amount}", content: null, Cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The same for all.</summary>
    public Task SwitchAllAsync(string fault, int amount = 0) => Task.WhenAll(_replicas.Keys.Select(r => SwitchAsync(r, fault, amount)));
}
