using System.CommandLine;

namespace NeuroCred.Benchmarks.CommandLine;

/// <summary>A command of the program, with its options.</summary>
internal sealed class BenchmarkCommand<T> : Command
{
    private readonly Func<ParseResult, T> _read;

    /// <summary>Creates a command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="options">Its options.</param>
    /// <param name="read">Makes the options of what was given.</param>
    /// <param name="run">Runs it, and gives the exit code.</param>
    public BenchmarkCommand(
        string name,
        string description,
        IReadOnlyList<Option> options,
        Func<ParseResult, T> read,
        Func<T, CancellationToken, Task<int>> run
    )
        : base(name, description)
    {
        _read = read;
        foreach (var option in options)
        {
            Options.Add(option);
        }

        SetAction((given, cancellationToken) => run(read(given), cancellationToken));
    }

    /// <summary>Reads the options without running the command.</summary>
    /// <param name="args">What follows the command.</param>
    /// <param name="errors">What is wrong with them; with any, there are no options.</param>
    public T? Read(IReadOnlyList<string> args, out IReadOnlyList<string> errors)
    {
        var given = Parse(args);
        errors = BenchmarkCommands.FindErrors(given);
        return errors is [] ? _read(given) : default;
    }
}
