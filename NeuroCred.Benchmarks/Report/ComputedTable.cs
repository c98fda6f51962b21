using System.Text;

namespace NeuroCred.Benchmarks.Report;

/// <summary>A table that is computed, of which a document may have a copy.</summary>
/// <param name="Id">Its name, by which the document marks its place.</param>
/// <param name="Title">Its title.</param>
/// <param name="Caption">What it shows; empty where its title says it.</param>
/// <param name="Render">Makes it.</param>
internal sealed record ComputedTable(string Id, string Title, string Caption, Func<string> Render)
{
    /// <summary>Renders a report of such tables.</summary>
    public static string RenderReport(string title, string caption, IEnumerable<ComputedTable> tables)
    {
        var text = new StringBuilder();
        Append($"# {title}");
        Append(caption);
        foreach (var table in tables)
        {
            Append($"## {table.Title}");
            Append(table.Caption);
            Append(table.Render());
        }

        return text.ToString().TrimEnd() + Environment.NewLine;

        void Append(string paragraph)
        {
            if (paragraph.Length > 0)
            {
                text.AppendLine(paragraph.TrimEnd()).AppendLine();
            }
        }
    }
}
