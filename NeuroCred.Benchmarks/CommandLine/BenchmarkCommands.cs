using System.CommandLine;
using NeuroCred.Benchmarks.Capacity;
using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.Cost;
using NeuroCred.Benchmarks.Faults;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.Simulation;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>The commands of the program, and what their options may be.</summary>
internal static class BenchmarkCommands
{
    public static RootCommand Root { get; } =
        new(
            "Measures NeuroCred's gateway. All commands but simulate and capacity need what ./setup.sh --benchmarks installs. "
                + "Ctrl+C ends a command; failover keeps what it has measured by then."
        )
        {
            CreateFailover(),
            CreateThroughput(),
            CreateLinearizability(),
            CreateCost(),
            CreateSimulate(),
            CreateCapacity(),
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

    private static Command CreateFailover()
    {
        var defaults = new FailoverOptions();
        var command = new Command(
            "failover",
            "Has the same faults happen to the same replicas behind each gateway, under a fixed rate of requests, and counts what "
                + "clients saw. All of it takes about an hour."
        )
        {
            Names("--only", "Only these faults", [.. FaultCatalogue.Create(defaults.Kills, quick: false).Select(f => f.Id)]),
            Names("--contestants", "Only these gateways", [.. ContestantCatalogue.All.Select(c => c.Id)]),
            Number("--rate", defaults.Rate, 4, 1000, "Requests per second, half of them writes"),
            Number("--kills", defaults.Kills, 1, 1000, $"How often a replica is killed ({FailoverOptions.KillsWhenQuick} when quick)"),
            new Option<bool>("--quick") { Description = "Shorter faults and fewer kills: to try it, not to publish it" },
            new Option<bool>("--add") { Description = "Keeps what the folder's report has of other faults and gateways: an hour in parts" },
            Folder("failover.json and failover.md"),
        };
        command.SetAction((given, cancellationToken) => new FailoverCommand(FailoverOptions.Read(given)).RunAsync(cancellationToken));
        return command;
    }

    private static Command CreateThroughput()
    {
        var defaults = new ThroughputOptions();
        var command = new Command("throughput", "Requests per second through each gateway, with servers behind it that do nothing.")
        {
            Number("--rounds", defaults.Rounds, 1, 100, "Measurements of each gateway, in turn; the median counts"),
            Number("--seconds", defaults.Seconds, 1, 600, "Seconds of each measurement"),
            Number("--connections", defaults.Connections, 1, 1000, "Connections of the clients"),
            Folder("throughput.json and throughput.md"),
        };
        command.SetAction((given, cancellationToken) => new ThroughputCommand(ThroughputOptions.Read(given)).RunAsync(cancellationToken));
        return command;
    }

    private static Command CreateLinearizability()
    {
        var defaults = new LinearizabilityOptions();
        var seed = Number(
            "--seed",
            0,
            0,
            int.MaxValue,
            "The seed of the random numbers; without it another one each time, which is printed"
        );
        seed.DefaultValueFactory = _ => new LinearizabilityOptions().Seed;
        var command = new Command(
            "linearizability",
            "Has clients read and write the same wallets while replicas, Redis and Postgres are killed, hung and restarted at random "
                + "times, and checks what they were told against a model of a wallet. Exit code 1 for a violation."
        )
        {
            Number("--seconds", defaults.Seconds, 1, 86_400, "Seconds of faults"),
            seed,
            Number("--wallets", defaults.Wallets, 1, 100, "Wallets at a time"),
            Number("--clients", defaults.Clients, 1, 100, "Clients, each with one request at a time"),
            Folder("the history, linearizability.jsonl"),
            ExistingFile("--check", "Checks such a file again, and does nothing else"),
        };
        command.SetAction(
            (given, cancellationToken) => new LinearizabilityCommand(LinearizabilityOptions.Read(given)).RunAsync(cancellationToken)
        );
        return command;
    }

    private static Command CreateCost()
    {
        var command = new Command(
            "cost",
            "What a request of each kind costs nginx, the replicas, Postgres and Redis, and what the score cache saves. Takes about "
                + "five minutes."
        )
        {
            Number("--seconds", new CostOptions().Seconds, 2, 60, "Seconds of each measurement"),
            Folder("cost.json and cost.md"),
        };
        command.SetAction((given, cancellationToken) => new CostCommand(CostOptions.Read(given)).RunAsync(cancellationToken));
        return command;
    }

    private static Command CreateSimulate()
    {
        var requests = Number("--requests", SimulationTables.DefaultRequests, 1000, 10_000_000, "Requests of each run");
        var seed = Number("--seed", 1, 0, int.MaxValue, "The seed of the random numbers");
        var folder = Folder("simulation.md");
        var command = new Command(
            "simulate",
            "How requests are spread by each algorithm, with replicas that are slow, end or hang, and with several gateways."
        )
        {
            requests,
            seed,
            folder,
        };
        command.SetAction(
            (given, _) =>
            {
                var tables = SimulationTables.Of(given.GetValue(requests), given.GetValue(seed));
                return ReportFiles.WriteMarkdownAsync(
                    given.GetValue(folder)!,
                    "simulation",
                    ComputedTable.RenderReport("Simulation", "", tables)
                );
            }
        );
        return command;
    }

    private static Command CreateCapacity()
    {
        var costs = ExistingFile("--costs", "A cost.json (the one that is checked in)");
        var folder = Folder("capacity.md");
        var command = new Command("capacity", "Computes from measured costs what 1,000, 10,000 and 100,000 requests per second need.")
        {
            costs,
            folder,
        };
        command.SetAction(
            (given, _) =>
            {
                var measured = given.GetValue(costs) is { } file
                    ? ReportFiles.Read<CostReport>(file, "Give another --costs.")
                    : MeasuredReports.ReadCost();
                var caption = $"From costs measured at {measured.At:yyyy-MM-dd HH:mm} UTC on {measured.Machine}.";
                return ReportFiles.WriteMarkdownAsync(
                    given.GetValue(folder)!,
                    "capacity",
                    ComputedTable.RenderReport("Capacity", caption, CapacityTables.Of(measured))
                );
            }
        );
        return command;
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

    private static Option<string> ExistingFile(string name, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "file" };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is { } file && !File.Exists(file))
            {
                result.AddError($"{name} names '{file}', which does not exist.");
            }
        });
        return option;
    }

    private static Option<string> Folder(string files) =>
        new("--out")
        {
            Description = $"The folder for {files}",
            HelpName = "folder",
            DefaultValueFactory = _ => Path.Combine("artifacts", "benchmarks"),
        };
}
