using System.Text;

namespace NeuroCred.Benchmarks.Report;

/// <summary>A Markdown table whose columns line up, so that it reads well on a console too. All columns but the first are aligned to the
/// right.</summary>
internal static class Table
{
    public static string Render(IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. head.Select((cell, i) => Math.Max(3, rows.Select(row => row[i].Length).Append(cell.Length).Max()))];
        var text = new StringBuilder();
        Line(head);
        text.Append('|')
            .AppendJoin("|", widths.Select((width, i) => i == 0 ? new string('-', width + 2) : new string('-', width + 1) + ":"))
            .AppendLine("|");
        foreach (var row in rows)
        {
            Line(row);
        }

        return text.ToString();

        void Line(IReadOnlyList<string> cells) =>
            text.Append("| ")
                .AppendJoin(" | ", cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
                .AppendLine(" |");
    }
}
