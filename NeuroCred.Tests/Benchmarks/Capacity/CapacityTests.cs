using NeuroCred.Benchmarks.Capacity;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Cost;
using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Tests.Benchmarks.Capacity;

/// <summary>The arithmetic from costs to needs, with costs that make it easy to follow.</summary>
public sealed class CapacityTests
{
    // Each request: 0.1 ms of nginx, 0.7 ms of a replica, 0.35 ms of Postgres, 0.07 ms of Redis; 10 ms in all.
    private static readonly CostReport s_costs = new(
        default,
        new("Some Linux", 2, new Dictionary<string, string>()),
        new CostOptions(),
        [
            .. CostWorkload.Kinds.Select(kind => new RequestCost(
                kind,
                new(0.1, 0.7, 0.35, 0.07),
                new(0, 0, 0, 0),
                100,
                1000,
                500,
                1000,
                10,
                20
            )),
        ],
        new(0, 0, 0, 0),
        new(100, 200, 10, 100, 10, 20),
        new(0, 0, 0, 0),
        [],
        [],
        []
    );

    private static readonly Target s_zones = new("three zones") { HasZones = true };
    private static readonly Target s_noZones = new("no zones");

    [Theory]
    [InlineData(1_000, 2)]
    [InlineData(9_990, 10)]
    [InlineData(10_010, 11)]
    public void Replicas_are_70_percent_busy(double perSecond, int replicas) =>
        Assert.Equal(replicas, new Demand(s_costs, Mix.Reads, perSecond).CountReplicas(1));

    [Fact]
    public void One_replica_or_one_of_three_zones_may_be_lost()
    {
        var demand = new Demand(s_costs, Mix.Reads, 9_990);

        Assert.Equal(11, Needs.Of(demand, s_noZones).Replicas);
        Assert.Equal(15, Needs.Of(demand, s_zones).Replicas);
    }

    [Fact]
    public void Replicas_are_larger_before_they_are_too_many()
    {
        var needs = Needs.Of(new(s_costs, Mix.Reads, 99_900), s_noZones);

        Assert.Equal((4, 26), (needs.ReplicaCores, needs.Replicas));
    }

    [Fact]
    public void Every_replica_hears_of_every_new_score_until_it_has_time_for_nothing_else()
    {
        var costs = s_costs with { Announcement = new(0, 0.01, 0, 0.002) };

        // 5 % of 100,000/s at 0.01 ms each are 0.05 of the 0.7 processors that may be busy; 3 announcements are in the cost of a score
        // already.
        Assert.Equal(
            (int)Math.Ceiling(100_000 * (0.7 - (0.05 * 3 * 0.01)) / 1000 / 0.65),
            new Demand(costs, Mix.Reads, 100_000).CountReplicas(1)
        );
        Assert.Null(new Demand(costs, Mix.Reads, 1_500_000).CountReplicas(1));
    }

    [Fact]
    public void Where_no_number_of_replicas_is_enough_nothing_is_said_that_depends_on_it()
    {
        var tables = CapacityTables.Of(s_costs with { Announcement = new(0, 1, 0, 1) });

        var needs = tables.Single(table => table.Id == "needs").Render();

        Assert.Contains("none is enough", needs);
        Assert.DoesNotMatch(@"-\d|\d{1,3}(,\d{3}){3}", needs);
        Assert.DoesNotMatch(@"-\d|\d{1,3}(,\d{3}){3}", tables.Single(table => table.Id == "load").Render());
    }

    [Fact]
    public void Announcements_take_more_of_Redis_with_every_replica()
    {
        var demand = new Demand(s_costs with { Announcement = new(0, 0, 0, 0.007) }, Mix.Reads, 1000);

        Assert.Equal(50 * 97 * 0.007 / 1000 / 0.7, demand.CountRedisCores(100) - demand.CountRedisCores(3), 9);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(100, 132)]
    public void A_thousandth_of_the_time_more_requests_are_under_way(double mean, int expected) =>
        Assert.Equal(expected, Poisson.Quantile(mean, 0.999));

    [Fact]
    public void A_great_many_requests_do_not_underflow() => Assert.InRange(Poisson.Quantile(10_000, 0.999), 10_300, 10_320);

    [Fact]
    public void A_pool_holds_what_Little_says_and_some_more()
    {
        // 14.5 % of 10,000/s ask Postgres, for 10 ms each, from 10 replicas: 1.45 at once each.
        var demand = new Demand(s_costs, Mix.Reads, 10_000);

        Assert.Equal(Poisson.Quantile(1.45, 0.999), demand.CountPool(10));
        Assert.Equal(5, demand.CountPool(1000));
    }

    [Fact]
    public void Postgres_connections_are_for_all_replicas_and_one_more_during_an_update()
    {
        var needs = Needs.Of(new(s_costs, Mix.Reads, 9_990), s_noZones);

        Assert.Equal((12 * (needs.Pool + 2)) + 20, needs.PostgresConnections);
        Assert.False(needs.NeedsPooler);
    }

    [Theory]
    [InlineData("nginx, Compose (one host)", "deploy/compose/compose.yaml")]
    [InlineData("Swarm", "deploy/swarm/stack.yaml")]
    [InlineData("Kubernetes", "deploy/kubernetes/postgres/cluster.yaml")]
    [InlineData("ALB, Fargate", "deploy/alb/variables.tf")]
    public void Postgres_takes_as_many_connections_during_an_update_as_the_deployment_says(string target, string file) =>
        Assert.Equal((Find(target).DuringUpdate(20) * (8 + 2)) + 20, FindNumber(file, @"max_connections\W+(\d+)"));

    [Theory]
    [InlineData("nginx, Compose (one host)", "deploy/compose/nginx/nginx.conf")]
    [InlineData("Swarm", "deploy/swarm/nginx/nginx.conf")]
    [InlineData("Kubernetes", "deploy/kubernetes/gateway/nginx/nginx.conf")]
    [InlineData("ALB, Fargate", "deploy/alb/gateway/nginx/nginx.conf")]
    [InlineData("Render", "deploy/render/gateway/nginx/nginx.conf")]
    public void An_nginx_uses_as_many_processors_as_it_has_workers(string target, string file) =>
        Assert.Equal(Find(target).GatewayCores, FindNumber(file, @"worker_processes (\d+);"));

    [Theory]
    [InlineData("Redis", 10_000)] // 0.07 ms of each request, 70 % busy
    [InlineData("Postgres", 128_000)] // 0.35 ms, 64 processors
    [InlineData("log", 131_072)] // 1,000 bytes, 125 MiB
    public void A_limit_is_reached_where_all_of_it_is_needed(string id, double expected)
    {
        var ceiling = Ceiling.Of(s_costs, Mix.Reads, s_noZones, Ceiling.CommonLimits.First(limit => limit.Id == id));

        Assert.InRange(ceiling, expected * 0.999, expected * 1.001);
    }

    [Fact]
    public void What_costs_nothing_never_ends() =>
        Assert.Equal(
            double.PositiveInfinity,
            Ceiling.Of(s_costs, Mix.Reads, s_noZones, Ceiling.CommonLimits.First(limit => limit.Id == "hearing"))
        );

    [Fact]
    public void More_than_a_platform_allows_is_said()
    {
        var railway = Find("Railway");

        Assert.All(railway.Limits, limit => Assert.True(limit.Allows(Needs.Of(new(s_costs, Mix.Reads, 1_000), railway))));
        Assert.False(railway.Limits[0].Allows(Needs.Of(new(s_costs, Mix.Reads, 11_001), railway)));
    }

    [Fact]
    public void Parts_of_a_mix_are_a_whole()
    {
        Mix[] mixes = [Mix.Reads, Mix.HalfWrites];

        Assert.All(mixes, mix => Assert.Equal(1, mix.Parts.Values.Sum(), 9));
    }

    [Fact]
    public void Every_target_that_is_deployed_to_is_computed_for() =>
        Assert.Equal(
            ["nginx, Compose (one host)", "Swarm", "Kubernetes", "ALB, Fargate", "Render", "Railway"],
            Target.All.Select(t => t.Name)
        );

    [Fact]
    public void What_the_tables_are_computed_from_was_measured_without_a_failure()
    {
        var costs = MeasuredReports.ReadCost();

        Assert.Equal(CostWorkload.Kinds.Order(), costs.Requests.Select(r => r.Kind).Order());
        Assert.All(costs.Points, point => Assert.Equal(0, point.Failed));
    }

    private static Target Find(string name) => Target.All.First(target => target.Name == name);

    private static long FindNumber(string file, string pattern) =>
        long.Parse(Regex.Match(File.ReadAllText(Path.Combine(Repository.Folder, file)), pattern).Groups[1].ValueSpan);
}
