using NeuroCred.Benchmarks.Cost;
using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Capacity;

/// <summary>A table that is computed from measured costs.</summary>
/// <param name="Id">Its name, by which docs/scaling.md marks its place.</param>
/// <param name="Title">Its title.</param>
/// <param name="Render">Makes it.</param>
internal sealed record CapacityTable(string Id, string Title, Func<CostReport, string> Render);

/// <summary>The tables of docs/scaling.md that are computed.</summary>
internal static class CapacityTables
{
    private static readonly double[] s_rates = [1_000, 10_000, 100_000];
    private static readonly Mix[] s_mixes = [Mix.Reads, Mix.HalfWrites];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CapacityTable> All { get; } =
    [
        new("costs", "Measured: one request", CostMarkdown.RenderRequests),
        new("costs-other", "Measured: what else", CostMarkdown.RenderOther),
        new("load", "What the load asks for, on any target", RenderLoad),
        new("needs", "What each target needs, mostly reads", costs => RenderNeeds(costs, Mix.Reads)),
        new("needs-writes", "What each target needs, half writes", costs => RenderNeeds(costs, Mix.HalfWrites)),
        new("ceilings", "Where each target stops", RenderCeilings),
    ];

    private static string RenderLoad(CostReport costs) =>
        Table.Render(
            [
                "",
                "under way",
                "nginx cores",
                "replica cores",
                "Postgres cores",
                "Redis cores",
                "cores in all",
                "commits/s",
                "WAL MB/s",
                "stored GB/day",
                "answers Mbit/s",
            ],
            [
                .. from mix in s_mixes
                from rate in s_rates
                let demand = new Demand(costs, mix, rate)
                let needs = Needs.Of(demand, Target.All[1])
                select (IReadOnlyList<string>)
                    [
                        $"{mix.Name}, {Rate(rate)}",
                        Number(demand.UnderWay),
                        Number(demand.GatewayCores, "0.0"),
                        Number((needs.Working ?? 0) * needs.ReplicaCores),
                        Number(demand.PostgresCores, "0.0"),
                        Number(needs.RedisCores, "0.0"),
                        Number(needs.HostCores),
                        Number(demand.CommitsPerSecond),
                        Number(demand.WalBytesPerSecond / 1e6, "#,0.0"),
                        Number(demand.StoredBytesPerDay / 1e9),
                        Number(demand.AnswerBitsPerSecond / 1e6),
                    ],
            ]
        );

    private static string RenderNeeds(CostReport costs, Mix mix) =>
        Table.Render(
            ["", "replicas", "cores each", "MiB each", "pool each", "Postgres conns", "pooler", "nginx", "Redis", "limits reached"],
            [
                .. from target in Target.All
                from rate in s_rates
                let demand = new Demand(costs, mix, rate)
                let needs = Needs.Of(demand, target)
                select (IReadOnlyList<string>)
                    [
                        $"{target.Name}, {Rate(rate)}",
                        needs.Working is null ? "none is enough" : Number(needs.Replicas),
                        Number(needs.ReplicaCores),
                        Number(demand.ReplicaMebibytes),
                        Number(needs.Pool),
                        Number(needs.PostgresConnections),
                        needs.NeedsPooler ? "yes" : "no",
                        needs.Gateways == 0 ? "platform's" : Number(needs.Gateways),
                        Number(needs.RedisShards),
                        Reached(needs),
                    ],
            ]
        );

    private static string Reached(Needs needs)
    {
        string[] reached =
        [
            .. Ceiling.CommonLimits.Concat(needs.Target.Limits).Where(limit => !limit.Allows(needs)).Select(limit => limit.Id),
        ];
        return reached.Length == 0 ? "-" : string.Join(", ", reached);
    }

    // What all targets have in common is computed for Kubernetes: the number of replicas matters little to it.
    private static string RenderCeilings(CostReport costs) =>
        Table.Render(
            ["", "limit", "mostly reads", "half writes", "source"],
            [
                .. from at in Ceiling
                    .CommonLimits.Select(limit => (Name: "any target", Target: Target.All.First(t => t.HasZones), Limit: limit))
                    .Concat(Target.All.SelectMany(target => target.Limits.Select(limit => (target.Name, Target: target, Limit: limit))))
                select (IReadOnlyList<string>)
                    [
                        $"{at.Name}: {at.Limit.What}",
                        at.Limit.Id,
                        .. s_mixes.Select(mix => StopsAt(Ceiling.Of(costs, mix, at.Target, at.Limit))),
                        at.Limit.Source,
                    ],
            ]
        );

    private static string StopsAt(double perSecond) => double.IsInfinity(perSecond) ? "-" : Rate(Round(perSecond));

    // Two digits: the costs are not known any better.
    private static double Round(double value)
    {
        var scale = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Round(value / scale) * scale;
    }

    private static string Rate(double perSecond) => $"{Number(perSecond)}/s";

    private static string Number(double value, string format = "#,0") => value.ToString(format);
}
