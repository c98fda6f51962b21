using NeuroCred.Benchmarks.Contestants;
using NeuroCred.Benchmarks.Faults;
using NeuroCred.Benchmarks.Simulation;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What the program says about itself.</summary>
internal static class Usage
{
    /// <summary>The text of <c>--help</c>.</summary>
    public static string Text { get; } = $"""
        Usage: dotnet run -c Release --project NeuroCred.Benchmarks -- <command> [options]

        failover     has the same faults happen to the same replicas behind each gateway, under a fixed rate of requests,
                     and counts what clients saw. All of it takes about 40 minutes.
          --only <fault,...>             only these faults
          --contestants <name,...>       only these gateways
          --rate <n>                     requests per second (100), half of them writes
          --kills <n>                    how often a replica is killed (20); without the supervisor 3 times at most
          --quick                        shorter faults, 3 kills: to try it, not to publish it
          --add                          keeps what the folder's report has of other faults and gateways: 40 minutes in parts
          --out <folder>                 where failover.json and failover.md go (artifacts/benchmarks)

        throughput   requests per second through each gateway, with servers behind it that do nothing.
          --rounds <n>                   measurements of each gateway, in turn; the median counts (5)
          --seconds <n>                  of each measurement (5)
          --connections <n>              of the clients (32)
          --out <folder>                 where throughput.json and throughput.md go (artifacts/benchmarks)

        linearizability
                     has clients read and write the same wallets while replicas, Redis and Postgres are killed, hung and restarted at
                     random times, and checks what they were told against a model of a wallet. Exit code 1 for a violation.
          --seconds <n>                  of faults (300)
          --seed <n>                     what the random numbers begin with (a new one, which is told)
          --wallets <n>                  at a time (4)
          --clients <n>                  each with one request at a time (10)
          --out <folder>                 where linearizability.jsonl goes, the history (artifacts/benchmarks)
          --check <file>                 checks such a file again, and does nothing else

        cost         what a request of each kind costs nginx, the replicas, Postgres and Redis. Takes about three minutes.
          --seconds <n>                  of each measurement (10)
          --out <folder>                 where cost.json and cost.md go (artifacts/benchmarks)

        simulate     how requests are spread by each algorithm, with replicas that are slow, end or hang, and with several gateways.
          --requests <n>                 of each run ({SimulationTables.DefaultRequests})
          --seed <n>                     what the random numbers begin with (1)
          --out <folder>                 where simulation.md goes (artifacts/benchmarks)

        capacity     computes from measured costs what 1,000, 10,000 and 100,000 requests per second need.
          --costs <file>                 a cost.json (the one that is checked in)
          --out <folder>                 where capacity.md goes (artifacts/benchmarks)

        Faults:      {string.Join(", ", FaultCatalogue.Create(20, quick: false).Select(f => f.Id))}
        Contestants: {string.Join(", ", ContestantCatalogue.All.Select(c => c.Id))}

        failover, throughput, linearizability and cost need what ./setup.sh --benchmarks installs. Ctrl+C ends it; failover keeps what it has measured by then.
        """;
}
