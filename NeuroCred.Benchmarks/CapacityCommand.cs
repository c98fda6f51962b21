using System.Text;
using NeuroCred.Benchmarks.Capacity;
using NeuroCred.Benchmarks.CommandLine;
using NeuroCred.Benchmarks.Report;

namespace NeuroCred.Benchmarks;

/// <summary>Computes from measured costs what a thousand to a hundred thousand requests per second need. Measures nothing.</summary>
internal sealed class CapacityCommand(CapacityOptions options, TextWriter console)
{
    /// <summary>Computes and reports.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        var costs = MeasuredReports.ReadCost(options.Costs.Length == 0 ? null : options.Costs);
        var text = new StringBuilder()
            .AppendLine("# Capacity")
            .AppendLine()
            .AppendLine($"From costs measured at {costs.At:yyyy-MM-dd HH:mm} UTC on {costs.Machine}.")
            .AppendLine();
        foreach (var table in CapacityTables.All)
        {
            text.AppendLine($"## {table.Title}").AppendLine().AppendLine(table.Render(costs));
        }

        var file = await ReportFiles.WriteMarkdownAsync(options.Out, "capacity", text.ToString().TrimEnd() + Environment.NewLine);
        await console.WriteLineAsync($"{text}{Environment.NewLine}Written: {file}");
        return 0;
    }
}
