using System.Text;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Report;
using NeuroCred.Benchmarks.Simulation;

namespace NeuroCred.Benchmarks;

/// <summary>Simulates how requests are spread, and what a replica that is slow, ends or hangs costs. Needs nothing but a
/// processor.</summary>
internal sealed class SimulateCommand(SimulateOptions options, TextWriter console)
{
    /// <summary>Simulates and reports.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        var text = new StringBuilder().AppendLine($"# Simulation").AppendLine();
        foreach (var table in SimulationTables.All)
        {
            text.AppendLine($"## {table.Title}")
                .AppendLine()
                .AppendLine(table.Caption)
                .AppendLine()
                .AppendLine(table.Render(options.Requests, options.Seed));
        }

        var file = await ReportFiles.WriteMarkdownAsync(options.Out, "simulation", text.ToString().TrimEnd() + Environment.NewLine);
        await console.WriteLineAsync($"{text}{Environment.NewLine}Written: {file}");
        return 0;
    }
}
