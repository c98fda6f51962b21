using NeuroCred.Balancer.Deployment;

namespace NeuroCred.Balancer.Render;

/// <summary>A Postgres of Render's, whose limit of connections follows from its memory.
/// https://render.com/tutorials/postgres-on-render/connection-limits-and-pooling</summary>
/// <param name="Plan">What Render calls it.</param>
/// <param name="Connections">How many connections it takes.</param>
internal sealed record RenderDatabase(string Plan, int Connections)
{
    private static readonly RenderDatabase[] s_all =
    [
        new("basic-1gb", 100),
        new("pro-8gb", 200),
        new("pro-16gb", 400),
        new("pro-32gb", 500),
    ];

    /// <summary>Whether it can have a standby: Render has none for its smaller ones.</summary>
    internal bool CanBeHighlyAvailable => Plan.StartsWith("pro-", StringComparison.Ordinal);

    /// <summary>The connections of all replicas at the largest scale, and of one more.</summary>
    internal static int Needed(DeploymentPlan plan, int poolSize) => PostgresConnections.Needed(MostInstances(plan), poolSize);

    /// <summary>The smallest that takes them all, and the pool that each replica may have with it: a smaller one where even the largest has
    /// too few.</summary>
    internal static (RenderDatabase Database, int PoolSize) Of(DeploymentPlan plan)
    {
        var database = Array.Find(s_all, database => database.Connections >= Needed(plan, plan.PostgresPoolSize)) ?? s_all[^1];
        return (database, PostgresConnections.PoolSize(database.Connections, MostInstances(plan), plan.PostgresPoolSize));
    }

    // An update replaces one instance after the other, and the new one runs before the old one ends. https://render.com/docs/deploys
    private static int MostInstances(DeploymentPlan plan) => plan.Policy.Scaling.MaxReplicas + 1;
}
