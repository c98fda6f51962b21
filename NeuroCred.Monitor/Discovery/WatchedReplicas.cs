using NeuroCred.Monitor.Configuration;

namespace NeuroCred.Monitor.Discovery;

/// <summary>
/// The replicas that are watched now: always those of the configuration, or those that <see cref="ReplicaDiscovery"/> found. A replica's
/// number is its place in <see cref="MonitorOptions.ReplicaNames"/>.
/// </summary>
internal sealed class WatchedReplicas(MonitorOptions options)
{
    private volatile Replaceable<IReadOnlyList<MonitoredReplica?>> _latest = new([
        .. options.Discovery is null ? options.Replicas : options.ReplicaNames.Select(_ => null as MonitoredReplica),
    ]);

    /// <summary>By number; null where there is none. Replaced as a whole.</summary>
    public IReadOnlyList<MonitoredReplica?> ByNumber => _latest.Value;

    /// <summary>Those that there are, by number.</summary>
    public IEnumerable<MonitoredReplica> All => ByNumber.OfType<MonitoredReplica>();

    /// <summary>Puts a replica, or none, in a number's place. To be called by one thread.</summary>
    public void Set(int number, MonitoredReplica? replica)
    {
        var before = _latest;
        MonitoredReplica?[] replicas = [.. before.Value];
        replicas[number] = replica;
        _latest = new(replicas);
        before.Replace();
    }

    /// <summary>Does something for each replica for as long as it is watched.</summary>
    /// <param name="follow">What to do, until it is cancelled.</param>
    /// <param name="stoppingToken">Cancels all, and returns.</param>
    public async Task FollowAsync(Func<MonitoredReplica, CancellationToken, Task> follow, CancellationToken stoppingToken)
    {
        Dictionary<MonitoredReplica, (CancellationTokenSource Left, Task Following)> followed = [];
        try
        {
            while (true)
            {
                var latest = _latest;
                foreach (var (replica, (left, following)) in followed.Where(f => !latest.Value.Contains(f.Key)).ToList())
                {
                    await EndAsync(left, following);
                    followed.Remove(replica);
                }

                foreach (var replica in latest.Value.OfType<MonitoredReplica>().Where(r => !followed.ContainsKey(r)))
                {
                    var left = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    followed[replica] = (left, follow(replica, left.Token));
                }

                // One that fails ends all, as it would alone.
                await Task.WhenAny([latest.Replaced.WaitAsync(stoppingToken), .. followed.Values.Select(f => f.Following)]).Unwrap();
            }
        }
        finally
        {
            foreach (var (left, following) in followed.Values)
            {
                await EndAsync(left, following);
            }
        }
    }

    private static async Task EndAsync(CancellationTokenSource left, Task following)
    {
        using (left)
        {
            await left.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
