using System.CommandLine;
using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.Faults;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>The commands of the program, and what their options may be.</summary>
internal static class BenchmarkCommands
{
    private const int KillsWhenQuick = 3;

    /// <summary>The command <c>failover</c>.</summary>
    public static BenchmarkCommand<FailoverOptions> Failover { get; } = CreateFailover();

    /// <summary>The command <c>throughput</c>.</summary>
    public static BenchmarkCommand<ThroughputOptions> Throughput { get; } = CreateThroughput();

    /// <summary>The command <c>linearizability</c>.</summary>
    public static BenchmarkCommand<LinearizabilityOptions> Linearizability { get; } = CreateLinearizability();

    /// <summary>The command <c>cost</c>.</summary>
    public static BenchmarkCommand<CostOptions> Cost { get; } = CreateCost();

    /// <summary>The command <c>simulate</c>.</summary>
    public static BenchmarkCommand<SimulateOptions> Simulate { get; } = CreateSimulate();

    /// <summary>The command <c>capacity</c>.</summary>
    public static BenchmarkCommand<CapacityOptions> Capacity { get; } = CreateCapacity();

    /// <summary>All of them.</summary>
    public static RootCommand Root { get; } =
        new(
            "Measures NeuroCred's gateway. All commands but simulate and capacity need what ./setup.sh --benchmarks installs. "
                + "Ctrl+C ends a command; failover keeps what it has measured by then."
        )
        {
            Failover,
            Throughput,
            Linearizability,
            Cost,
            Simulate,
            Capacity,
        };

    /// <summary>Everything that is wrong with a command line.</summary>
    public static IReadOnlyList<string> FindErrors(ParseResult given)
    {
        var names = given.CommandResult.Command.Children.Select(child => child.Name);
        return
        [
            .. given.Errors.Select(error => error.Message),
            .. given.UnmatchedTokens is [] ? (string[])[] : [$"There are: {string.Join(", ", names)}."],
        ];
    }

    private static BenchmarkCommand<FailoverOptions> CreateFailover()
    {
        var defaults = new FailoverOptions();
        var only = Names("--only", "Only these faults", [.. FaultCatalogue.Create(defaults.Kills, quick: false).Select(f => f.Id)]);
        var contestants = Names("--contestants", "Only these gateways", [.. ContestantCatalogue.All.Select(c => c.Id)]);
        var rate = Number("--rate", defaults.Rate, 4, 1000, "Requests per second, half of them writes");
        var kills = Number("--kills", defaults.Kills, 1, 1000, $"How often a replica is killed ({KillsWhenQuick} when quick)");
        var quick = new Option<bool>("--quick") { Description = "Shorter faults and fewer kills: to try it, not to publish it" };
        var add = new Option<bool>("--add")
        {
            Description = "Keeps what the folder's report has of other faults and gateways: an hour in parts",
        };
        var folder = Folder("failover.json and failover.md");
        return new(
            "failover",
            "Has the same faults happen to the same replicas behind each gateway, under a fixed rate of requests, and counts what "
                + "clients saw. "
                + "All of it takes about an hour.",
            [only, contestants, rate, kills, quick, add, folder],
            given =>
                new()
                {
                    Only = given.GetValue(only) ?? [],
                    Contestants = given.GetValue(contestants) ?? [],
                    Rate = given.GetValue(rate),
                    Kills =
                        given.GetValue(quick) && given.GetResult(kills) is not { Implicit: false } ? KillsWhenQuick : given.GetValue(kills),
                    Quick = given.GetValue(quick),
                    Add = given.GetValue(add),
                    Out = given.GetValue(folder)!,
                },
            (options, cancellationToken) => new FailoverCommand(options, Console.Out).RunAsync(cancellationToken)
        );
    }

    private static BenchmarkCommand<ThroughputOptions> CreateThroughput()
    {
        var defaults = new ThroughputOptions();
        var rounds = Number("--rounds", defaults.Rounds, 1, 100, "Measurements of each gateway, in turn; the median counts");
        var seconds = Number("--seconds", defaults.Seconds, 1, 600, "Seconds of each measurement");
        var connections = Number("--connections", defaults.Connections, 1, 1000, "Connections of the clients");
        var folder = Folder("throughput.json and throughput.md");
        return new(
            "throughput",
            "Requests per second through each gateway, with servers behind it that do nothing.",
            [rounds, seconds, connections, folder],
            given =>
                new()
                {
                    Rounds = given.GetValue(rounds),
                    Seconds = given.GetValue(seconds),
                    Connections = given.GetValue(connections),
                    Out = given.GetValue(folder)!,
                },
            (options, cancellationToken) => new ThroughputCommand(options, Console.Out).RunAsync(cancellationToken)
        );
    }

    private static BenchmarkCommand<LinearizabilityOptions> CreateLinearizability()
    {
        var defaults = new LinearizabilityOptions();
        var seconds = Number("--seconds", defaults.Seconds, 1, 86_400, "Seconds of faults");
        var seed = Number(
            "--seed",
            0,
            0,
            int.MaxValue,
            "What the random numbers begin with; without it another one each time, which is told"
        );
        seed.DefaultValueFactory = _ => new LinearizabilityOptions().Seed;
        var wallets = Number("--wallets", defaults.Wallets, 1, 100, "Wallets at a time");
        var clients = Number("--clients", defaults.Clients, 1, 100, "Clients, each with one request at a time");
        var check = new Option<string>("--check") { Description = "Checks such a file again, and does nothing else", HelpName = "file" };
        check.Validators.Add(result =>
        {
            if (result.GetValue(check) is { } file && !File.Exists(file))
            {
                result.AddError($"--check names '{file}', which does not exist.");
            }
        });
        var folder = Folder("the history, linearizability.jsonl");
        return new(
            "linearizability",
            "Has clients read and write the same wallets while replicas, Redis and Postgres are killed, hung and restarted at random "
                + "times, and "
                + "checks what they were told against a model of a wallet. Exit code 1 for a violation.",
            [seconds, seed, wallets, clients, folder, check],
            given =>
                new()
                {
                    Seconds = given.GetValue(seconds),
                    Seed = given.GetValue(seed),
                    Wallets = given.GetValue(wallets),
                    Clients = given.GetValue(clients),
                    Out = given.GetValue(folder)!,
                    Check = given.GetValue(check) ?? "",
                },
            (options, cancellationToken) => new LinearizabilityCommand(options, Console.Out).RunAsync(cancellationToken)
        );
    }

    private static BenchmarkCommand<CostOptions> CreateCost()
    {
        var seconds = Number("--seconds", new CostOptions().Seconds, 2, 60, "Seconds of each measurement");
        var folder = Folder("cost.json and cost.md");
        return new(
            "cost",
            "What a request of each kind costs nginx, the replicas, Postgres and Redis, and what the score cache saves. Takes about "
                + "five minutes.",
            [seconds, folder],
            given => new() { Seconds = given.GetValue(seconds), Out = given.GetValue(folder)! },
            (options, cancellationToken) => new CostCommand(options, Console.Out).RunAsync(cancellationToken)
        );
    }

    private static BenchmarkCommand<SimulateOptions> CreateSimulate()
    {
        var defaults = new SimulateOptions();
        var requests = Number("--requests", defaults.Requests, 1000, 10_000_000, "Requests of each run");
        var seed = Number("--seed", defaults.Seed, 0, int.MaxValue, "What the random numbers begin with");
        var folder = Folder("simulation.md");
        return new(
            "simulate",
            "How requests are spread by each algorithm, with replicas that are slow, end or hang, and with several gateways.",
            [requests, seed, folder],
            given =>
                new()
                {
                    Requests = given.GetValue(requests),
                    Seed = given.GetValue(seed),
                    Out = given.GetValue(folder)!,
                },
            (options, _) => new SimulateCommand(options, Console.Out).RunAsync()
        );
    }

    private static BenchmarkCommand<CapacityOptions> CreateCapacity()
    {
        var costs = new Option<string>("--costs") { Description = "A cost.json (the one that is checked in)", HelpName = "file" };
        var folder = Folder("capacity.md");
        return new(
            "capacity",
            "Computes from measured costs what 1,000, 10,000 and 100,000 requests per second need.",
            [costs, folder],
            given => new() { Costs = given.GetValue(costs) ?? "", Out = given.GetValue(folder)! },
            (options, _) => new CapacityCommand(options, Console.Out).RunAsync()
        );
    }

    private static Option<int> Number(string name, int byDefault, int least, int most, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "n",
            DefaultValueFactory = _ => byDefault,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!int.TryParse(text, out var number) || number < least || number > most)
                {
                    result.AddError($"{name} is '{text}': give a whole number from {least} to {most}.");
                }

                return number;
            },
        };

    private static Option<string[]> Names(string name, string description, IReadOnlyCollection<string> choices) =>
        new(name)
        {
            Description = $"{description}, with commas between: {string.Join(", ", choices)}",
            HelpName = "name,...",
            CustomParser = result =>
            {
                var names = result.Tokens[0].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                foreach (var unknown in names.Except(choices))
                {
                    result.AddError($"{name} names '{unknown}', which does not exist. There are: {string.Join(", ", choices)}.");
                }

                return names;
            },
        };

    private static Option<string> Folder(string files) =>
        new("--out")
        {
            Description = $"The folder for {files}",
            HelpName = "folder",
            DefaultValueFactory = _ => Path.Combine("artifacts", "benchmarks"),
        };
}
