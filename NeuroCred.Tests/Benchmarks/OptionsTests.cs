using NeuroCred.Benchmarks.CommandLine;

namespace NeuroCred.Tests.Benchmarks;

/// <summary>What the benchmark's command line says to mistakes.</summary>
public sealed class OptionsTests
{
    [Fact]
    public void Without_options_every_fault_happens_behind_every_contestant_at_100_requests_per_second()
    {
        var options = BenchmarkCommands.Failover.Read([], out var errors);

        Assert.Empty(errors);
        Assert.NotNull(options);
        Assert.Empty(options.Only);
        Assert.Empty(options.Contestants);
        Assert.Equal((100, 20, false), (options.Rate, options.Kills, options.Quick));
    }

    [Fact]
    public void Values_follow_a_space_or_an_equals_sign_and_names_are_separated_by_commas()
    {
        var options = BenchmarkCommands.Failover.Read(
            ["--only", "kill,hang", "--contestants=guide", "--quick", "--rate=50", "--out", "here"],
            out var errors
        );

        Assert.Empty(errors);
        Assert.NotNull(options);
        Assert.Equal(["kill", "hang"], options.Only);
        Assert.Equal(["guide"], options.Contestants);
        Assert.Equal((50, true, "here"), (options.Rate, options.Quick, options.Out));
    }

    [Fact]
    public void Every_mistake_is_named_at_once_with_what_would_be_right()
    {
        BenchmarkCommands.Failover.Read(["--only", "kill,flood", "--rate", "fast", "--kill", "3", "now", "--out"], out var errors);

        Assert.Equal(7, errors.Count);
        Assert.Contains(
            errors,
            e => e.Contains("'flood'", StringComparison.Ordinal) && e.Contains("kill, two, hang", StringComparison.Ordinal)
        );
        Assert.Contains(errors, e => e.Contains("--rate is 'fast': give a whole number from 4 to 1000", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("'--kill'", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("'now'", StringComparison.Ordinal));
        Assert.Contains(
            errors,
            e => e.StartsWith("There are: ", StringComparison.Ordinal) && e.Contains("--kills", StringComparison.Ordinal)
        );
        Assert.Contains(errors, e => e.Contains("'--out'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mistake_in_the_options_of_throughput_is_named_too()
    {
        BenchmarkCommands.Throughput.Read(["--rounds", "0", "--quick"], out var errors);

        Assert.Equal(3, errors.Count);
    }

    [Fact]
    public void Linearizability_is_checked_for_five_minutes_with_another_seed_each_time()
    {
        var first = BenchmarkCommands.Linearizability.Read([], out var errors);
        var second = BenchmarkCommands.Linearizability.Read([], out _);

        Assert.Empty(errors);
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.Equal((300, 4, 10, ""), (first.Seconds, first.Wallets, first.Clients, first.Check));
        Assert.NotEqual(first.Seed, second.Seed);
    }

    [Fact]
    public void A_mistake_in_the_options_of_linearizability_is_named_too()
    {
        BenchmarkCommands.Linearizability.Read(["--seconds", "0", "--wallet", "2", "--check", "nowhere.jsonl"], out var errors);

        Assert.Equal(5, errors.Count);
        Assert.Contains(errors, e => e.Contains("--seconds is '0': give a whole number from 1", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("--wallets", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("'nowhere.jsonl', which does not exist", StringComparison.Ordinal));
    }

    [Fact]
    public void The_help_names_every_fault_and_every_contestant()
    {
        using var help = new StringWriter();
        BenchmarkCommands.Root.Parse(["failover", "--help"]).Invoke(new() { Output = help });

        Assert.Contains("steady, slow10, slow100, kill", help.ToString());
        Assert.Contains(
            "neurocred, neurocred-without-holding, neurocred-unsupervised, guide, haproxy-defaults, haproxy-best, yarp-defaults, yarp-best",
            help.ToString()
        );
    }
}
