using System.Net;
using System.Net.Sockets;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Monitor.Discovery;

/// <summary>
/// Finds replicas by the addresses of the name that they share, which come and go. A new address gets the lowest number that is free, so
/// that names, metrics and memory stay bounded however many replicas there were.
/// </summary>
internal sealed partial class ReplicaDiscovery(
    MonitorOptions options,
    WatchedReplicas replicas,
    IReplicaHealthSource health,
    TrafficRecorder traffic,
    EventTimeline timeline,
    TimeProvider time,
    ILogger<ReplicaDiscovery> logger
) : BackgroundService
{
    /// <summary>
    /// How long a replica that does not answer is watched after its name lost its address: what was killed is to be seen as down.
    /// </summary>
    internal static readonly TimeSpan Absence = TimeSpan.FromSeconds(30);

    // As often as nginx asks.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, (long At, bool IsDraining)> _seen = [];
    private bool _isFull;

    /// <summary>Begins to watch replicas at new addresses, and ends to watch those that have gone.</summary>
    /// <param name="found">All addresses that the name has now.</param>
    internal void Update(IReadOnlyCollection<IPAddress> found)
    {
        // Before those that have gone make room: a number's next replica must not follow within the same second, and be taken for it.
        var watched = replicas.ByNumber;
        // In order, so that monitors that are started together give the same names.
        var added = found
            .Select(Describe)
            .Where(r => !watched.Any(w => w?.Url == r.Url))
            .OrderBy(r => r.Url.Host, StringComparer.Ordinal)
            .ToList();
        int[] free = [.. watched.Index().Where(w => w.Item is null).Select(w => w.Index)];
        foreach (var (replica, number) in added.Zip(free))
        {
            traffic.Forget(number);
            replicas.Set(number, replica with { Name = options.ReplicaNames[number] });
            _seen[number] = (time.GetTimestamp(), IsDraining: false);
        }

        if (added.Count > free.Length && !_isFull)
        {
            TooMany(logger, options.Discovery!.Url.Host, found.Count, options.ReplicaNames.Count);
        }

        _isFull = added.Count > free.Length;
        var states = health.Read().ToDictionary(h => h.Replica, h => h.State);
        foreach (var (number, replica) in watched.Index())
        {
            // Where none answers, all that are gone are what there is to be seen.
            if (
                replica is not null
                && !IsThere(number, replica, found, states.GetValueOrDefault(replica.Name))
                && states.Values.Any(state => state.IsAlive)
            )
            {
                // What refused or drained has ended for the timeline already.
                if (states.GetValueOrDefault(replica.Name) == ReplicaState.Hung)
                {
                    timeline.Add(
                        TimelineKind.Gone,
                        replica.Name,
                        $"{replica.Name} is gone: it does not answer, and its address is given up."
                    );
                }

                replicas.Set(number, null);
                _seen.Remove(number);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Discovery is not { } discovery)
        {
            return;
        }

        using var timer = new PeriodicTimer(s_interval, time);
        do
        {
            Update(await ResolveAsync(discovery.Url.IdnHost, stoppingToken));
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // One that is not ready may have no address any more, and one whose name cannot be asked for is no less there: it answers.
    private bool IsThere(int number, MonitoredReplica replica, IReadOnlyCollection<IPAddress> found, ReplicaState state)
    {
        var (at, wasDraining) = _seen[number];
        if (state.IsAlive)
        {
            _seen[number] = (time.GetTimestamp(), state == ReplicaState.Draining);
            return true;
        }

        if (found.Any(address => Describe(address).Url == replica.Url))
        {
            _seen[number] = (time.GetTimestamp(), wasDraining);
            return true;
        }

        return !wasDraining && time.GetElapsedTime(at) < Absence;
    }

    private MonitoredReplica Describe(IPAddress address)
    {
        return new("", At(options.Discovery!.Url), At(options.Discovery.ManagementUrl), IsDiscovered: true);

        Uri At(Uri url) => new UriBuilder(url) { Host = address.ToString() }.Uri;
    }

    // IPv4 alone, as nginx asks: by both, each replica would be found twice.
    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, AddressFamily.InterNetwork, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "{Host} has {Found} addresses, and {Most} replicas can be watched: raise Balancing:Scaling:MaxReplicas. The rest is 'other'."
    )]
    private static partial void TooMany(ILogger logger, string host, int found, int most);
}
