using NeuroCred.Benchmarks.Simulation;

namespace NeuroCred.Tests.Benchmarks.Simulation;

/// <summary>The simulation against what queueing theory knows exactly.</summary>
public sealed class QueueingTests
{
    private const double MeanService = 0.010,
        Tolerance = 0.05;

    // Nothing is given up: the textbook's customers wait for ever.
    private static readonly BalancingPolicy s_patient = new() { Timeouts = new() { Read = TimeSpan.FromHours(1) } };

    [Theory]
    [InlineData(1, 0.5, 60_000)]
    [InlineData(1, 0.7, 60_000)]
    [InlineData(4, 0.8, 120_000)]
    [InlineData(16, 0.9, 120_000)]
    public void Requests_wait_as_long_as_Erlang_says(int slots, double utilisation, int requests)
    {
        var result = Simulator.Run(OneReplica(Durations.Exponential(MeanService), slots, utilisation, requests));

        var expected = ErlangC(slots, utilisation * slots) * MeanService / (slots * (1 - utilisation));
        AssertNear(expected, result.MeanWait);
    }

    [Fact]
    public void Requests_that_all_take_equally_long_wait_half_as_long()
    {
        // Pollaczek and Khinchine.
        var result = Simulator.Run(OneReplica(Durations.Constant(MeanService), 1, 0.7, 40_000));

        var expected = 0.7 * MeanService / (2 * (1 - 0.7));
        AssertNear(expected, result.MeanWait);
    }

    [Fact]
    public void As_many_requests_are_under_way_as_Little_says()
    {
        var scenario = OneReplica(Durations.Exponential(MeanService), 4, 0.8, 40_000);

        var result = Simulator.Run(scenario);

        var expected = 0.8 * 4 / MeanService * result.Mean;
        AssertNear(expected, result.MeanUnderWay);
    }

    [Fact]
    public void Two_choices_are_as_good_as_Mitzenmacher_says()
    {
        const double load = 0.8;
        const int replicas = 50;
        var result = Simulator.Run(
            new()
            {
                Algorithm = Algorithm.PowerOfTwo,
                Replicas = [.. Enumerable.Repeat(new SimulatedServer(Durations.Exponential(MeanService), 1), replicas)],
                Interarrival = Durations.Exponential(MeanService / (load * replicas)),
                Requests = 50_000,
                WarmUp = 5_000,
                Policy = s_patient,
            }
        );

        // For many servers; at random it would be 1 / (1 - load) = 5 services.
        var expected = MeanService * Enumerable.Range(1, 6).Sum(i => Math.Pow(load, Math.Pow(2, i) - 2));
        AssertNear(expected, result.Mean);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_one_another()
    {
        var scenario = OneReplica(Durations.LogNormal(0.004, 0.020), 2, 0.7, 2_000);

        var (once, again, other) = (Simulator.Run(scenario), Simulator.Run(scenario), Simulator.Run(scenario with { Seed = 2 }));

        Assert.Equal(once.Mean, again.Mean);
        Assert.Equal(once.Slowest, again.Slowest);
        Assert.NotEqual(once.Mean, other.Mean);
    }

    [Fact]
    public void The_documented_mean_of_a_service_is_the_mean_of_what_is_drawn()
    {
        var random = new RandomSource(1);

        var mean = Enumerable.Range(0, 100_000).Average(_ => SimulationTables.Replica().Service(random));

        Assert.InRange(mean, SimulationTables.MeanService * 0.99, SimulationTables.MeanService * 1.01);
    }

    private static void AssertNear(double expected, double actual) =>
        Assert.InRange(actual, expected * (1 - Tolerance), expected * (1 + Tolerance));

    private static Scenario OneReplica(Duration service, int slots, double utilisation, int requests) =>
        new()
        {
            Algorithm = Algorithm.RoundRobin,
            Replicas = [new(service, slots)],
            Interarrival = Durations.Exponential(MeanService / (utilisation * slots)),
            Requests = requests,
            WarmUp = requests / 10,
            Policy = s_patient,
        };

    // The part of the requests that have to wait.
    private static double ErlangC(int servers, double offered)
    {
        var blocked = 1.0; // Erlang B, by its recursion
        for (var n = 1; n <= servers; n++)
        {
            blocked = offered * blocked / (n + (offered * blocked));
        }

        return servers * blocked / (servers - (offered * (1 - blocked)));
    }
}
