using NeuroCred.Benchmarks.Cost;
using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks.Capacity;

/// <summary>The tables of docs/scaling.md that are computed.</summary>
internal static class CapacityTables
{
    private const string NoneIsEnough = "none is enough";
    private static readonly double[] s_rates = [1_000, 10_000, 100_000];
    private static readonly Mix[] s_mixes = [Mix.Reads, Mix.HalfWrites];

    /// <summary>All of them, computed from measured costs.</summary>
    public static IReadOnlyList<ComputedTable> Of(CostReport costs) =>
        [
            new("costs", "Measured: one request", "", () => CostMarkdown.RenderRequests(costs)),
            new("costs-other", "Measured: what else", "", () => CostMarkdown.RenderOther(costs)),
            new("load", "What the load asks for, on any target", "", () => RenderLoad(costs)),
            new("needs", "What each target needs, mostly reads", "", () => RenderNeeds(costs, Mix.Reads)),
            new("needs-writes", "What each target needs, half writes", "", () => RenderNeeds(costs, Mix.HalfWrites)),
            new("ceilings", "Where each target stops", "", () => RenderCeilings(costs)),
        ];

    private static string RenderLoad(CostReport costs) =>
        Table.Render(
            from mix in s_mixes
            from rate in s_rates
            select Needs.Of(new(costs, mix, rate), Target.All[1]),
            ("", needs => $"{needs.Demand.Mix.Name}, {Rate(needs.Demand.PerSecond)}"),
            ("under way", needs => Number(needs.Demand.UnderWay)),
            ("nginx cores", needs => Number(needs.Demand.GatewayCores, "0.0")),
            ("replica cores", needs => needs.Working is { } working ? Number(working * needs.ReplicaCores) : NoneIsEnough),
            ("Postgres cores", needs => Number(needs.Demand.PostgresCores, "0.0")),
            ("Redis cores", needs => IfEnough(needs, Number(needs.RedisCores, "0.0"))),
            ("cores in all", needs => IfEnough(needs, Number(needs.HostCores))),
            ("commits/s", needs => Number(needs.Demand.CommitsPerSecond)),
            ("WAL MB/s", needs => Number(needs.Demand.WalBytesPerSecond / 1e6, "#,0.0")),
            ("stored GB/day", needs => Number(needs.Demand.StoredBytesPerDay / 1e9)),
            ("answers Mbit/s", needs => Number(needs.Demand.AnswerBitsPerSecond / 1e6))
        );

    private static string RenderNeeds(CostReport costs, Mix mix) =>
        Table.Render(
            from target in Target.All
            from rate in s_rates
            select Needs.Of(new(costs, mix, rate), target),
            ("", needs => $"{needs.Target.Name}, {Rate(needs.Demand.PerSecond)}"),
            ("replicas", needs => needs.Working is null ? NoneIsEnough : Number(needs.Replicas)),
            ("cores each", needs => Number(needs.ReplicaCores)),
            ("MiB each", needs => Number(needs.Demand.ReplicaMebibytes)),
            ("pool each", needs => IfEnough(needs, Number(needs.Pool))),
            ("Postgres conns", needs => IfEnough(needs, Number(needs.PostgresConnections))),
            ("pooler", needs => IfEnough(needs, needs.NeedsPooler ? "yes" : "no")),
            ("nginx", needs => needs.Gateways == 0 ? "platform's" : Number(needs.Gateways)),
            ("Redis", needs => IfEnough(needs, Number(needs.RedisShards))),
            ("limits reached", Reached)
        );

    // What depends on the number of replicas, where no number is enough.
    private static string IfEnough(Needs needs, string text) => needs.Working is null ? "-" : text;

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
            Ceiling
                .CommonLimits.Select(limit => (Name: "any target", Target: Target.All.First(t => t.HasZones), Limit: limit))
                .Concat(Target.All.SelectMany(target => target.Limits.Select(limit => (target.Name, Target: target, Limit: limit)))),
            [
                ("", at => $"{at.Name}: {at.Limit.What}"),
                ("limit", at => at.Limit.Id),
                ("mostly reads", at => StopsAt(Ceiling.Of(costs, Mix.Reads, at.Target, at.Limit))),
                ("half writes", at => StopsAt(Ceiling.Of(costs, Mix.HalfWrites, at.Target, at.Limit))),
                ("source", at => at.Limit.Source),
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
