namespace NeuroCred.Balancer.Deployment;

/// <summary>How many connections replicas hold, and Postgres takes.</summary>
internal static class PostgresConnections
{
    // Of each replica, beside its pool.
    private const int Control = 2;

    // For people, migrations, and Postgres's own reserve.
    private const int Reserve = 20;

    /// <summary>What Postgres's <c>max_connections</c> has to be.</summary>
    /// <param name="replicas">How many replicas run at the same time, those that an update starts included.</param>
    /// <param name="poolSize">The pool of each.</param>
    internal static int Needed(int replicas, int poolSize) => (replicas * (poolSize + Control)) + Reserve;

    /// <summary>The pool that each replica may have: 1 at least, where even that is too much.</summary>
    /// <param name="connections">Postgres's <c>max_connections</c>.</param>
    /// <param name="replicas">How many replicas run at the same time, those that an update starts included.</param>
    /// <param name="most">The pool that is wanted.</param>
    internal static int PoolSize(int connections, int replicas, int most) =>
        Math.Clamp(((connections - Reserve) / replicas) - Control, 1, most);
}
