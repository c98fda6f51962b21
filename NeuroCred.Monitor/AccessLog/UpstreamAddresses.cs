using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NeuroCred.Monitor.Configuration;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>
/// Which replica an address in the log belongs to. nginx writes addresses, not names, so each replica's host is resolved, again and again: behind a
/// name, another address may stand tomorrow.
/// </summary>
internal sealed class UpstreamAddresses(IReadOnlyList<MonitoredReplica> replicas, string upstream)
{
    /// <summary>The place of an address that belongs to none of the replicas.</summary>
    public const int Other = -1;

    /// <summary>What stands for the whole group, where there was no replica to ask.</summary>
    public const int NoLiveUpstream = -2;

    private readonly byte[] _upstream = Encoding.UTF8.GetBytes(upstream);

    // Replaced as a whole.
    private Entry[] _entries = [];

    /// <summary>Whether there are names whose addresses may change.</summary>
    public bool HasNames { get; } = replicas.Any(r => r.Url.HostNameType == UriHostNameType.Dns && !r.Url.IsLoopback);

    /// <summary>Finds the replica that an address belongs to.</summary>
    /// <param name="address">As nginx writes it: <c>127.0.0.1:4001</c>, <c>[::1]:4001</c>, or the name of the group.</param>
    /// <returns>Its place in the configuration, <see cref="Other"/> or <see cref="NoLiveUpstream"/>.</returns>
    public int Find(ReadOnlySpan<byte> address)
    {
        if (address.SequenceEqual(_upstream))
        {
            return NoLiveUpstream;
        }

        foreach (var entry in _entries)
        {
            if (entry.IsPort ? address.EndsWith(entry.Text) : address.SequenceEqual(entry.Text))
            {
                return entry.Replica;
            }
        }

        return Other;
    }

    /// <summary>Resolves the replicas' hosts. One that cannot be resolved keeps the addresses it had.</summary>
    public async Task ResolveAsync(CancellationToken cancellationToken)
    {
        List<Entry> entries = [];
        for (var i = 0; i < replicas.Count; i++)
        {
            var replica = i;
            var port = replicas[i].Url.Port;
            try
            {
                entries.AddRange((await FindAddressesAsync(replicas[i].Url, cancellationToken).ConfigureAwait(false))
                    .Select(address => new Entry(Encoding.ASCII.GetBytes(new IPEndPoint(address, port).ToString()), replica, IsPort: false)));
            }
            catch (SocketException)
            {
                entries.AddRange(_entries.Where(e => e.Replica == replica && !e.IsPort));
            }
        }

        // A gateway in a container reaches replicas on this machine by another address of it, on the same port.
        entries.AddRange(replicas.Index().GroupBy(r => r.Item.Url.Port).Where(g => g.Count() == 1 && g.Single().Item.Url.IsLoopback)
            .Select(g => new Entry(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $":{g.Key}")), g.Single().Index, IsPort: true)));
        _entries = [.. entries];
    }

    private static async Task<IPAddress[]> FindAddressesAsync(Uri url, CancellationToken cancellationToken)
        => IPAddress.TryParse(url.IdnHost, out var address) ? [address]
            : url.IsLoopback ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : await Dns.GetHostAddressesAsync(url.IdnHost, cancellationToken).ConfigureAwait(false);

    private sealed record Entry(byte[] Text, int Replica, bool IsPort);
}
