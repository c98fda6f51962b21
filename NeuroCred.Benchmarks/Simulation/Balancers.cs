namespace NeuroCred.Benchmarks.Simulation;

/// <summary>Chooses a replica among those that may be asked.</summary>
/// <param name="candidates">At least one.</param>
/// <param name="client">The client's network.</param>
internal delegate UpstreamServer Balancer(IReadOnlyList<UpstreamServer> candidates, ClientNetwork client);

internal static class Balancers
{
    private const int HashTries = 20;

    /// <summary>A balancer for gateways with this many replicas.</summary>
    public static Balancer Create(Algorithm algorithm, int replicas, RandomSource random) =>
        algorithm switch
        {
            Algorithm.LeastConnections => (candidates, _) => TakeTurns(FindLeastConnected(candidates)),
            Algorithm.RoundRobin => (candidates, _) => TakeTurns(candidates),
            Algorithm.IpHash => (candidates, client) => FindByHash(candidates, client, replicas) ?? TakeTurns(candidates),
            Algorithm.PowerOfTwo => (candidates, _) => ChooseOfTwo(candidates, random),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };

    // nginx's turns: of those given, the one that waited longest.
    private static UpstreamServer TakeTurns(IReadOnlyList<UpstreamServer> candidates)
    {
        UpstreamServer? best = null;
        foreach (var upstream in candidates)
        {
            upstream.CurrentWeight++;
            if (best is null || upstream.CurrentWeight > best.CurrentWeight)
            {
                best = upstream;
            }
        }

        best!.CurrentWeight -= candidates.Count;
        return best;
    }

    private static IReadOnlyList<UpstreamServer> FindLeastConnected(IReadOnlyList<UpstreamServer> candidates)
    {
        var least = candidates.Min(upstream => upstream.Connections);
        return [.. candidates.Where(upstream => upstream.Connections == least)];
    }

    // Of two drawn at random, the one with fewer requests under way.
    private static UpstreamServer ChooseOfTwo(IReadOnlyList<UpstreamServer> candidates, RandomSource random)
    {
        var first = random.Next(candidates.Count);
        if (candidates.Count == 1)
        {
            return candidates[first];
        }

        var second = random.Next(candidates.Count - 1);
        second += second >= first ? 1 : 0;
        return candidates[second].Connections < candidates[first].Connections ? candidates[second] : candidates[first];
    }

    // Always the same replica for a network; another one only while it may not be asked
    // (src/http/modules/ngx_http_upstream_ip_hash_module.c).
    private static UpstreamServer? FindByHash(IReadOnlyList<UpstreamServer> candidates, ClientNetwork client, int replicas)
    {
        var hash = 89;
        for (var i = 0; i < HashTries; i++)
        {
            foreach (var octet in client.Octets)
            {
                hash = ((hash * 113) + octet) % 6271;
            }

            if (candidates.FirstOrDefault(upstream => upstream.Replica == hash % replicas) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}

/// <summary>A client's IPv4 network, by which <c>ip_hash</c> knows it.</summary>
/// <param name="Octets">Its first three octets.</param>
internal readonly record struct ClientNetwork(byte[] Octets)
{
    /// <summary>Some network.</summary>
    public static ClientNetwork Draw(RandomSource random) => new([(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]);
}
