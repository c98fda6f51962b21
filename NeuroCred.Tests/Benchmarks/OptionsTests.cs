using NeuroCred.Benchmarks.CommandLine;

namespace NeuroCred.Tests.Benchmarks;

/// <summary>What the benchmark's command line says to mistakes.</summary>
public sealed class OptionsTests
{
    [Fact]
    public void Without_options_every_fault_happens_behind_every_contestant_at_100_requests_per_second()
    {
        var given = BenchmarkCommands.Root.Parse("failover");
        var options = FailoverOptions.Read(given);

        Assert.Empty(BenchmarkCommands.FindErrors(given));
        Assert.Empty(options.Only);
        Assert.Empty(options.Contestants);
        Assert.Equal((100, 20, false), (options.Rate, options.Kills, options.Quick));
    }

    [Fact]
    public void Values_follow_a_space_or_an_equals_sign_and_names_are_separated_by_commas()
    {
        var given = BenchmarkCommands.Root.Parse("failover --only kill,hang --contestants=guide --quick --rate=50 --out here");
        var options = FailoverOptions.Read(given);

        Assert.Empty(BenchmarkCommands.FindErrors(given));
        Assert.Equal(["kill", "hang"], options.Only);
        Assert.Equal(["guide"], options.Contestants);
        Assert.Equal((50, true, "here"), (options.Rate, options.Quick, options.Out));
    }

    [Theory]
    [InlineData("failover --quick", 3)]
    [InlineData("failover --quick --kills 5", 5)]
    public void A_quick_run_has_fewer_kills_unless_told_otherwise(string arguments, int kills) =>
        Assert.Equal(kills, FailoverOptions.Read(BenchmarkCommands.Root.Parse(arguments)).Kills);

    [Fact]
    public void Linearizability_is_checked_for_five_minutes_with_another_seed_each_time()
    {
        var given = BenchmarkCommands.Root.Parse("linearizability");
        var first = LinearizabilityOptions.Read(given);
        var second = LinearizabilityOptions.Read(BenchmarkCommands.Root.Parse("linearizability"));

        Assert.Empty(BenchmarkCommands.FindErrors(given));
        Assert.Equal((300, 4, 10, ""), (first.Seconds, first.Wallets, first.Clients, first.Check));
        Assert.NotEqual(first.Seed, second.Seed);
    }

    [Theory]
    [InlineData(
        "failover --only kill,flood --rate fast --kill 3 now --out",
        7,
        "--only names 'flood', which does not exist. There are: steady, slow10, slow100, kill, two, hang",
        "--rate is 'fast': give a whole number from 4 to 1000",
        "'--kill'",
        "'now'",
        "There are: --only, --contestants, --rate, --kills, --quick, --add, --out.",
        "'--out'"
    )]
    [InlineData("throughput --rounds 0 --quick", 3, "--rounds is '0'")]
    [InlineData(
        "linearizability --seconds 0 --wallet 2 --check nowhere.jsonl",
        5,
        "--seconds is '0': give a whole number from 1",
        "--wallets",
        "'nowhere.jsonl', which does not exist"
    )]
    [InlineData("cost --seconds 1", 1, "--seconds is '1': give a whole number from 2 to 60")]
    [InlineData("simulate --requests few --out", 2, "--requests is 'few'")]
    [InlineData("capacity --rate=5", 2, "'--rate=5'", "There are: --costs, --out.")]
    [InlineData("capacity --costs nowhere.json", 1, "'nowhere.json', which does not exist")]
    public void Every_mistake_is_named_at_once_with_what_would_be_right(string arguments, int count, params string[] said)
    {
        var errors = BenchmarkCommands.FindErrors(BenchmarkCommands.Root.Parse(arguments));

        Assert.Equal(count, errors.Count);
        Assert.All(said, text => Assert.Contains(errors, error => error.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_help_names_every_fault_and_every_contestant()
    {
        using var help = new StringWriter();
        BenchmarkCommands.Root.Parse("failover --help").Invoke(new() { Output = help });

        Assert.Contains("steady, slow10, slow100, kill", help.ToString());
        Assert.Contains(
            "neurocred, neurocred-without-holding, neurocred-unsupervised, guide, haproxy-defaults, haproxy-best, yarp-defaults, yarp-best",
            help.ToString()
        );
    }
}
