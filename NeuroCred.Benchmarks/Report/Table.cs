using System.Text;

namespace NeuroCred.Benchmarks.Report;

/// <summary>A Markdown table whose columns line up, so that it reads well on a console too. All columns but the first are aligned to the
/// right.</summary>
internal static class Table
{
    /// <summary>Renders one.</summary>
    /// <param name="rows">What has a row each.</param>
    /// <param name="columns">Each column's head, and what it says of a row.</param>
    public static string Render<T>(IEnumerable<T> rows, params IReadOnlyList<(string Head, Func<T, string> Cell)> columns)
    {
        string[][] lines =
        [
            [.. columns.Select(c => c.Head)],
            .. rows.Select(row => columns.Select(c => c.Cell(row)).ToArray()),
        ];
        int[] widths = [.. columns.Select((_, i) => Math.Max(3, lines.Max(line => line[i].Length)))];
        var text = new StringBuilder();
        Line(lines[0]);
        text.Append('|')
            .AppendJoin("|", widths.Select((width, i) => i == 0 ? new string('-', width + 2) : new string('-', width + 1) + ":"))
            .AppendLine("|");
        foreach (var line in lines.Skip(1))
        {
            Line(line);
        }

        return text.ToString();

        void Line(string[] cells) =>
            text.Append("| ")
                .AppendJoin(" | ", cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
                .AppendLine(" |");
    }
}
