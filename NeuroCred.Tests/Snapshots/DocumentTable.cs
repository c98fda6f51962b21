namespace NeuroCred.Tests.Snapshots;

/// <summary>Compares a generated table with the one in a document, between the lines <c>&lt;!-- table: id --&gt;</c> and <c>&lt;!-- end
/// --&gt;</c>.</summary>
/// <remarks>With <c>NEUROCRED_UPDATE_SNAPSHOTS=1</c> in the environment the table is written instead: read the diff before you commit
/// it.</remarks>
internal static class DocumentTable
{
    private const string End = "<!-- end -->";

    /// <summary>Fails when the document has no such table, or another one.</summary>
    /// <param name="actual">The generated table.</param>
    /// <param name="path">The document, from the repository's folder.</param>
    /// <param name="id">The table's name in the document.</param>
    public static void Matches(string actual, string path, string id)
    {
        var file = Path.Combine(Repository.Folder, path);
        var text = File.ReadAllText(file);
        var mark = $"<!-- table: {id} -->\n";
        var start = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        Assert.True(start >= mark.Length, $"{path} has no line '{mark.TrimEnd()}'.");
        var end = text.IndexOf(End, start, StringComparison.Ordinal);
        Assert.True(end >= 0, $"{path} has no line '{End}' after '{mark.TrimEnd()}'.");
        var expected = $"\n{actual.Trim()}\n\n";
        if (Environment.GetEnvironmentVariable(Snapshot.UpdateVariable) == "1")
        {
            File.WriteAllText(file, text[..start] + expected + text[end..]);
            return;
        }

        Assert.True(
            expected == text[start..end],
            $"The table '{id}' of {path} is not what is computed now. If the change is meant, run the tests with "
                + $"{Snapshot.UpdateVariable}=1. Computed:{Environment.NewLine}{actual}"
        );
    }
}
