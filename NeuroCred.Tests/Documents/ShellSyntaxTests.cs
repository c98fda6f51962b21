namespace NeuroCred.Tests.Documents;

/// <summary>bash understands every command of the pages, also those that no test can run.</summary>
[StartsProcesses]
public sealed class ShellSyntaxTests
{
    public static TheoryData<string> Pages =>
        [.. MarkdownPage.All.Where(page => page.Blocks.Any(block => block.Language == "sh")).Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_blocks_of_a_page_are_bash(string path)
    {
        foreach (var block in MarkdownPage.Named(path).Blocks.Where(block => block.Language == "sh"))
        {
            var (code, output) = await Tool.RunInAsync(Repository.Folder, "bash", "-n", "-c", block.Text);

            Assert.True(code == 0 && output.Trim().Length == 0, $"{path}:{block.Line}: {output}\n{block.Text}");
        }
    }
}
