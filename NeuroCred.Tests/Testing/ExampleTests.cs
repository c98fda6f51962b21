using NeuroCred.Tests.Documents;

namespace NeuroCred.Tests.Testing;

/// <summary>The README of NeuroCred.Testing.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void The_example_of_the_README_compiles()
    {
        var page = MarkdownPage.Named("NeuroCred.Testing/README.md");
        var example = Assert.Single(page.Blocks, block => block.Language == "csharp").Text;
        var compiled = RepositoryFiles.Find("*.cs", "NeuroCred.Tests/Testing").SelectMany(File.ReadLines).Select(line => line.Trim());

        // Those of NeuroCred.Testing are in the project file.
        var lines = example
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("using NeuroCred.Testing", StringComparison.Ordinal));
        Assert.Subset(compiled.ToHashSet(), lines.ToHashSet());
    }
}
