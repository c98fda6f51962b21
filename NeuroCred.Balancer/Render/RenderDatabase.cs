using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Balancer.Render;

/// <summary>A Postgres of Render's, whose limit of connections follows from its memory. https://render.com/tutorials/postgres-on-render/connection-limits-and-pooling</summary>
/// <param name="Plan">What Render calls it.</param>
/// <param name="Connections">How many connections it takes.</param>
internal sealed record RenderDatabase(string Plan, int Connections)
{
    // For people, migrations, and Postgres's own.
    private const int Reserve = 20;
    private const int ControlPool = 2;

    private static readonly RenderDatabase[] s_all = [new("basic-1gb", 100), new("pro-8gb", 200), new("pro-16gb", 400), new("pro-32gb", 500)];

    /// <summary>Whether it can have a standby: Render has none for its smaller ones.</summary>
    internal bool CanBeHighlyAvailable => Plan.StartsWith("pro-", StringComparison.Ordinal);

    /// <summary>The connections of all replicas at the largest scale, twice: for a minute, an update runs both versions.</summary>
    internal static int Needed(DeploymentPlan plan, int poolSize) => (2 * plan.Policy.Scaling.MaxReplicas * (poolSize + ControlPool)) + Reserve;

    /// <summary>The smallest that takes them all, and the pool that each replica may have with it: a smaller one where even the largest has too few.</summary>
    internal static (RenderDatabase Database, int PoolSize) Of(DeploymentPlan plan)
    {
        var database = Array.Find(s_all, database => database.Connections >= Needed(plan, plan.PostgresPoolSize)) ?? s_all[^1];
        var fits = ((database.Connections - Reserve) / (2 * plan.Policy.Scaling.MaxReplicas)) - ControlPool;
        return (database, Math.Clamp(fits, 1, plan.PostgresPoolSize));
    }
}
