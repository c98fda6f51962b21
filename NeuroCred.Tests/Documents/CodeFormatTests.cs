namespace NeuroCred.Tests.Documents;

/// <summary>All code has one format, which a tool gives it.</summary>
[StartsProcesses]
public sealed class CodeFormatTests
{
    private const string Format = "dotnet tool exec csharpier";
    private const int LongestLine = 140;

    [Fact]
    public async Task Every_file_of_C_sharp_has_the_format_that_CONTRIBUTING_names()
    {
        var page = MarkdownPage.Named("CONTRIBUTING.md");
        var format = page.Blocks.SelectMany(ShellCommands.In).Single(c => c.StartsWith(Format, StringComparison.Ordinal));

        var (code, output) = await Tool.RunInAsync(
            Repository.Folder,
            "dotnet",
            format.Replace(" format ", " check ", StringComparison.Ordinal).Split(' ')[1..]
        );

        Assert.True(code == 0, $"Run `{format}`:\n{output}");
    }

    // The tool leaves texts and comments as long as they are. Tests have lines of JSON, logs and scripts as they come.
    [Fact]
    public void No_line_is_longer_than_an_editor_shows_outside_of_tests()
    {
        var tooLong =
            from file in RepositoryFiles.Find("*.cs")
            where !file.Contains("Tests/", StringComparison.Ordinal)
            from line in File.ReadLines(file).Index()
            where line.Item.Length > LongestLine
            select $"{Path.GetRelativePath(Repository.Folder, file)}:{line.Index + 1}";

        Assert.Empty(tooLong);
    }
}
