namespace NeuroCred.Tests.Documents;

/// <summary>The list of commands that no test runs is no longer than it has to be.</summary>
public sealed class ShellCommandTests
{
    [Fact]
    public void Every_command_that_is_listed_is_in_a_page()
    {
        var commands = MarkdownPage.All.SelectMany(page => page.Blocks).Where(block => block.Language == "sh").SelectMany(ShellCommands.In).ToList();

        Assert.All(ShellCommands.NotRun, listed => Assert.True(
            commands.Any(command => command.StartsWith(listed.Start, StringComparison.Ordinal)), $"No page has a command '{listed.Start}...': take it from the list."));
    }

    [Fact]
    public void A_command_goes_on_behind_a_backslash()
        => Assert.Equal(["a \\\n  b", "c"], ShellCommands.In(new("sh", 1, "a \\\n  b\n\nc")));
}
