namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>What <c>capacity</c> is asked to do.</summary>
internal sealed record CapacityOptions
{
    /// <summary>The report of <c>cost</c> to compute from; empty for the one that is checked in.</summary>
    public string Costs { get; init; } = "";

    /// <summary>The folder of the report.</summary>
    public string Out { get; init; } = Path.Combine("artifacts", "benchmarks");

    /// <summary>Reads the options of <c>capacity</c>.</summary>
    /// <param name="args">What follows the command.</param>
    /// <param name="errors">What is wrong with them.</param>
    public static CapacityOptions Read(IReadOnlyList<string> args, out IReadOnlyList<string> errors)
    {
        var reader = new ArgumentReader(args);
        var defaults = new CapacityOptions();
        var options = new CapacityOptions
        {
            Costs = reader.ReadText("--costs", defaults.Costs),
            Out = reader.ReadText("--out", defaults.Out),
        };
        errors = reader.Errors;
        return options;
    }
}
