namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>cost</c> is asked to do.</summary>
internal sealed record CostOptions
{
    /// <summary>Seconds of each measurement. Default: 10.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>The folder of the reports.</summary>
    public string Out { get; init; } = Path.Combine("artifacts", "benchmarks");

    /// <summary>Reads the options of <c>cost</c>.</summary>
    /// <param name="args">What follows the command.</param>
    /// <param name="errors">What is wrong with them.</param>
    public static CostOptions Read(IReadOnlyList<string> args, out IReadOnlyList<string> errors)
    {
        var reader = new ArgumentReader(args);
        var defaults = new CostOptions();
        var options = new CostOptions
        {
            Seconds = reader.ReadNumber("--seconds", defaults.Seconds, 2, 60),
            Out = reader.ReadText("--out", defaults.Out),
        };
        errors = reader.Errors;
        return options;
    }
}
