namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>linearizability</c> is asked to do.</summary>
internal sealed record LinearizabilityOptions
{
    /// <summary>For how long faults happen. Default: 300.</summary>
    public int Seconds { get; init; } = 300;

    /// <summary>What the random numbers begin with. Default: another one each time.</summary>
    public int Seed { get; init; } = Random.Shared.Next();

    /// <summary>How many wallets are used at a time. Default: 4.</summary>
    public int Wallets { get; init; } = 4;

    /// <summary>How many clients there are. Default: 10.</summary>
    public int Clients { get; init; } = 10;

    /// <summary>The folder of the history.</summary>
    public string Out { get; init; } = Path.Combine("artifacts", "benchmarks");

    /// <summary>A history to check instead of recording one; empty for none.</summary>
    public string Check { get; init; } = "";

    /// <summary>Reads the options of <c>linearizability</c>.</summary>
    /// <param name="args">What follows the command.</param>
    /// <param name="errors">What is wrong with them.</param>
    public static LinearizabilityOptions Read(IReadOnlyList<string> args, out IReadOnlyList<string> errors)
    {
        var reader = new ArgumentReader(args);
        var defaults = new LinearizabilityOptions();
        var options = new LinearizabilityOptions
        {
            Seconds = reader.ReadNumber("--seconds", defaults.Seconds, 1, 86_400),
            Seed = reader.ReadNumber("--seed", defaults.Seed, 0, int.MaxValue),
            Wallets = reader.ReadNumber("--wallets", defaults.Wallets, 1, 100),
            Clients = reader.ReadNumber("--clients", defaults.Clients, 1, 100),
            Out = reader.ReadText("--out", defaults.Out),
            Check = reader.ReadText("--check", defaults.Check),
        };
        errors = options.Check.Length == 0 || File.Exists(options.Check) ? reader.Errors
            : [.. reader.Errors, $"--check names '{options.Check}', which does not exist."];
        return options;
    }
}
