namespace NeuroCred.Benchmarks.Simulation;

/// <summary>Chooses a replica among those that may be asked.</summary>
internal interface IBalancer
{
    /// <summary>The choice.</summary>
    /// <param name="candidates">At least one.</param>
    /// <param name="client">The client's network.</param>
    UpstreamServer Choose(IReadOnlyList<UpstreamServer> candidates, ClientNetwork client);
}

/// <summary>Makes balancers.</summary>
internal static class Balancers
{
    /// <summary>A balancer of its own for one gateway with this many replicas.</summary>
    public static IBalancer Create(Algorithm algorithm, int replicas, RandomSource random) =>
        algorithm switch
        {
            Algorithm.LeastConnections => new LeastConnections(),
            Algorithm.RoundRobin => new RoundRobin(),
            Algorithm.IpHash => new IpHash(replicas),
            Algorithm.PowerOfTwo => new PowerOfTwo(random),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };

    /// <summary>nginx's turns: of those given, the one that waited longest.</summary>
    public static UpstreamServer TakeTurns(IReadOnlyList<UpstreamServer> candidates)
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
}

/// <summary>The fewest requests under way; among equals, one after the other.</summary>
internal sealed class LeastConnections : IBalancer
{
    private readonly List<UpstreamServer> _equals = [];

    public UpstreamServer Choose(IReadOnlyList<UpstreamServer> candidates, ClientNetwork client)
    {
        var least = int.MaxValue;
        foreach (var upstream in candidates)
        {
            if (upstream.Connections < least)
            {
                least = upstream.Connections;
                _equals.Clear();
            }

            if (upstream.Connections == least)
            {
                _equals.Add(upstream);
            }
        }

        return _equals.Count == 1 ? _equals[0] : Balancers.TakeTurns(_equals);
    }
}

/// <summary>One after the other.</summary>
internal sealed class RoundRobin : IBalancer
{
    public UpstreamServer Choose(IReadOnlyList<UpstreamServer> candidates, ClientNetwork client) => Balancers.TakeTurns(candidates);
}

/// <summary>Of two drawn at random, the one with fewer requests under way.</summary>
internal sealed class PowerOfTwo(RandomSource random) : IBalancer
{
    public UpstreamServer Choose(IReadOnlyList<UpstreamServer> candidates, ClientNetwork client)
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
}

/// <summary>Always the same replica for a network; another one only while it may not be asked
/// (src/http/modules/ngx_http_upstream_ip_hash_module.c).</summary>
/// <param name="replicas">How many replicas there are in all.</param>
internal sealed class IpHash(int replicas) : IBalancer
{
    private const int Tries = 20;

    public UpstreamServer Choose(IReadOnlyList<UpstreamServer> candidates, ClientNetwork client)
    {
        var hash = 89;
        for (var i = 0; i < Tries; i++)
        {
            foreach (var octet in client.Octets)
            {
                hash = ((hash * 113) + octet) % 6271;
            }

            var replica = hash % replicas;
            foreach (var upstream in candidates)
            {
                if (upstream.Replica == replica)
                {
                    return upstream;
                }
            }
        }

        return Balancers.TakeTurns(candidates);
    }
}

/// <summary>A client's IPv4 network, by which <c>ip_hash</c> knows it.</summary>
/// <param name="Octets">Its first three octets.</param>
internal readonly record struct ClientNetwork(byte[] Octets)
{
    /// <summary>Some network.</summary>
    public static ClientNetwork Draw(RandomSource random) => new([(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]);
}
