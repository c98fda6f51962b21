namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>monitor</c> is asked to do.</summary>
internal sealed record MonitorOptions
{
    /// <summary>How often each way is measured, in turn. Default: 5.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Seconds of each measurement. Default: 4.</summary>
    public int Seconds { get; init; } = 4;

    /// <summary>Client connections. Default: 32.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>The folder of the reports.</summary>
    public string Out { get; init; } = Path.Combine("artifacts", "benchmarks");

    /// <summary>Reads the options of <c>monitor</c>.</summary>
    /// <param name="args">What follows the command.</param>
    /// <param name="errors">What is wrong with them.</param>
    public static MonitorOptions Read(IReadOnlyList<string> args, out IReadOnlyList<string> errors)
    {
        var reader = new ArgumentReader(args);
        var defaults = new MonitorOptions();
        var options = new MonitorOptions
        {
            Rounds = reader.ReadNumber("--rounds", defaults.Rounds, 1, 100),
            Seconds = reader.ReadNumber("--seconds", defaults.Seconds, 1, 600),
            Connections = reader.ReadNumber("--connections", defaults.Connections, 1, 1000),
            Out = reader.ReadText("--out", defaults.Out),
        };
        errors = reader.Errors;
        return options;
    }
}
