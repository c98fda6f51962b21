using System.Net;
using System.Net.Sockets;
using NeuroCred.Monitor.Configuration;
using NeuroCred.Monitor.Discovery;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>
/// Which replica an address in the log belongs to. nginx logs addresses, not names, so each replica's host is resolved, and resolved again
/// from time to time because the address behind a name may change.
/// </summary>
/// <param name="replicas">The replicas.</param>
/// <param name="options">Says what the upstream is called.</param>
/// <param name="resolve">Resolves a name; the machine's resolver by default.</param>
internal sealed class UpstreamAddresses(
    WatchedReplicas replicas,
    MonitorOptions options,
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null
)
{
    /// <summary>The place of an address that belongs to none of the replicas.</summary>
    public const int Other = -1;

    /// <summary>The place of the upstream's own name, which nginx logs if it takes all replicas for failed.</summary>
    public const int NoLiveUpstream = -2;

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    // Replaced as a whole. By address and port, and by port alone: ":4001".
    private Dictionary<string, int> _replicas = [];
    private IReadOnlyList<MonitoredReplica?>? _resolved;

    /// <summary>Whether there are names whose addresses may change.</summary>
    public bool HasNames => replicas.All.Any(r => r.Url.HostNameType == UriHostNameType.Dns && !r.Url.IsLoopback);

    /// <summary>Whether replicas came or went since they were resolved.</summary>
    public bool IsOutdated => _resolved != replicas.ByNumber;

    /// <summary>Finds the replica that an address belongs to.</summary>
    /// <param name="address">As nginx logs it: <c>127.0.0.1:4001</c>, <c>[::1]:4001</c>, or the name of the upstream.</param>
    /// <returns>Its number, <see cref="Other"/> or <see cref="NoLiveUpstream"/>.</returns>
    public int Find(string address) =>
        address == options.Policy.Upstream.Name ? NoLiveUpstream
        : _replicas.TryGetValue(address, out var replica)
        || _replicas.TryGetValue(address[Math.Max(address.LastIndexOf(':'), 0)..], out replica)
            ? replica
        : Other;

    /// <summary>Resolves the replicas' hosts. One that cannot be resolved keeps the addresses it had.</summary>
    public async Task ResolveAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, int> found = new(StringComparer.Ordinal);
        var watched = replicas.ByNumber;
        var numbered = watched.Index().Where(r => r.Item is not null).Select(r => (r.Index, Item: r.Item!)).ToList();
        foreach (var (i, replica) in numbered)
        {
            try
            {
                foreach (var address in await FindAddressesAsync(replica.Url, cancellationToken))
                {
                    found.TryAdd(new IPEndPoint(address, replica.Url.Port).ToString(), i);
                }
            }
            catch (SocketException)
            {
                foreach (var known in _replicas.Where(r => r.Value == i))
                {
                    found.TryAdd(known.Key, i);
                }
            }
        }

        // A gateway in a container reaches replicas on this machine by another address of it, on the same port.
        foreach (var port in numbered.GroupBy(r => r.Item.Url.Port).Where(g => g.Count() == 1 && g.Single().Item.Url.IsLoopback))
        {
            found.TryAdd($":{port.Key}", port.Single().Index);
        }

        (_replicas, _resolved) = (found, watched);
    }

    private async Task<IPAddress[]> FindAddressesAsync(Uri url, CancellationToken cancellationToken) =>
        IPAddress.TryParse(url.IdnHost, out var address) ? [address]
        : url.IsLoopback ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : await _resolve(url.IdnHost, cancellationToken);
}
