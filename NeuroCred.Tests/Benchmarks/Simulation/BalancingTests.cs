using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.Simulation;

namespace NeuroCred.Tests.Benchmarks.Simulation;

/// <summary>What the simulated gateways do, against what the real ones were seen to do.</summary>
public sealed class BalancingTests
{
    private const int Requests = 5_000;

    [Fact]
    public void The_slow_replica_gets_what_it_was_measured_to_get()
    {
        var compared = MeasuredTable.Compare(MeasuredReports.ReadFailover(), 1).ToArray();

        Assert.Equal(6, compared.Length);

        // 900 requests were measured: a share of a quarter is known to 4.4 points (three standard deviations), and nine requests are above
        // the percentile.
        Assert.All(
            compared,
            c =>
                Assert.InRange(c.Simulated.ShareOf(1), MeasuredTable.ShareOf(c.Measured) - 0.045, MeasuredTable.ShareOf(c.Measured) + 0.045)
        );
        Assert.All(compared, c => Assert.InRange(c.Simulated.Percentile(0.99), 0.65 * c.Measured.P99 / 1000, 1.5 * c.Measured.P99 / 1000));
    }

    [Fact]
    public void Replicas_that_are_alike_share_alike_however_little_there_is_to_do()
    {
        var result = SlowTable.Run(Algorithm.LeastConnections, 0.01, 1, Requests, 1);

        Assert.All([0, 1, 2], replica => Assert.InRange(result.ShareOf(replica), 0.32, 0.35));
    }

    [Theory]
    [InlineData(Algorithm.LeastConnections, 0.08)]
    [InlineData(Algorithm.PowerOfTwo, 0.12)]
    public void A_replica_that_is_ten_times_slower_gets_less_where_requests_under_way_are_counted(Algorithm algorithm, double most)
    {
        var result = SlowTable.Run(algorithm, 0.6, 10, Requests, 1);

        Assert.InRange(result.ShareOf(0), 0.01, most);
        Assert.Equal(0, result.Failed);
    }

    [Theory]
    [InlineData(Algorithm.RoundRobin)]
    [InlineData(Algorithm.IpHash)]
    public void Where_they_are_not_everyone_waits_for_the_slow_one(Algorithm algorithm)
    {
        var (blind, counting) = (
            SlowTable.Run(algorithm, 0.1, 10, Requests, 1),
            SlowTable.Run(Algorithm.LeastConnections, 0.1, 10, Requests, 1)
        );

        Assert.InRange(blind.ShareOf(0), 0.3, 0.37);
        Assert.InRange(counting.ShareOf(0), 0.05, 0.15);
        Assert.True(blind.Percentile(0.99) > 5 * counting.Percentile(0.99), $"{blind.Percentile(0.99)} s, {counting.Percentile(0.99)} s");
    }

    [Theory]
    [InlineData(Algorithm.LeastConnections)]
    [InlineData(Algorithm.RoundRobin)]
    [InlineData(Algorithm.IpHash)]
    [InlineData(Algorithm.PowerOfTwo)]
    public void A_killed_replica_costs_no_request_and_gets_its_third_again(Algorithm algorithm)
    {
        var result = OutageTable.Run(algorithm, hangs: false, 1);

        Assert.Equal(0, result.Failed);
        Assert.True(result.Resent > 0);
        Assert.Equal(0, result.CountSlowerThan(1));
        Assert.InRange(result.ShareOf(0, from: 15), 0.28, 0.38);
    }

    [Fact]
    public void A_hung_replica_holds_few_requests_for_as_long_as_the_supervisor_takes_and_a_third_of_all_without_counting()
    {
        var counting = OutageTable.Run(Algorithm.LeastConnections, hangs: true, 1);
        var blind = OutageTable.Run(Algorithm.RoundRobin, hangs: true, 1);

        Assert.Equal(0, counting.Failed);
        Assert.InRange(counting.Slowest, 1, 4);
        Assert.True(
            counting.CountSlowerThan(1) * 10 < blind.CountSlowerThan(1),
            $"{counting.CountSlowerThan(1)} against {blind.CountSlowerThan(1)}"
        );
    }

    [Fact]
    public void The_less_a_gateway_sees_of_the_whole_the_more_it_asks_the_slow_one()
    {
        double Long(Algorithm algorithm, int gateways) => GatewaysTable.Run(algorithm, gateways, 10, Requests, 1).PartSlowerThan(0.1);

        Assert.True(Long(Algorithm.LeastConnections, 16) > 1.5 * Long(Algorithm.LeastConnections, 1));
        Assert.True(Long(Algorithm.LeastConnections, 16) < Long(Algorithm.RoundRobin, 16) / 4);
    }
}
