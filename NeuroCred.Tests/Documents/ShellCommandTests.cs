using Microsoft.Extensions.Configuration;
using NeuroCred.AppHost.Topology;
using NeuroCred.Settings;

namespace NeuroCred.Tests.Documents;

/// <summary>The list of commands that no test runs is no longer than it has to be.</summary>
public sealed class ShellCommandTests
{
    [Fact]
    public void Every_command_that_is_listed_is_in_a_page()
    {
        var commands = MarkdownPage
            .All.SelectMany(page => page.Commands.Where(command => !ShellCommands.HasOwnTest(page, command)))
            .Select(ShellCommands.OnOneLine)
            .ToHashSet();

        Assert.All(
            ShellCommands.NotRun,
            listed =>
                Assert.True(
                    commands.Contains(listed),
                    $"No page has the command '{listed}', or a test runs it: take it from {ShellCommands.List}."
                )
        );
    }

    // What cannot run to its end can at least be understood.
    [Fact]
    public void Settings_that_a_page_gives_the_AppHost_are_settings_that_it_takes()
    {
        const string Start = "dotnet run --project NeuroCred.AppHost -- ";
        var commands = MarkdownPage
            .All.SelectMany(page => page.Blocks.SelectMany(ShellCommands.In).Concat(page.CodeSpans))
            .Select(command => command.Replace(" --no-build", "", StringComparison.Ordinal))
            .Where(command => command.Contains(Start, StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(commands);
        Assert.All(
            commands,
            command =>
            {
                var arguments = command[(command.IndexOf(Start, StringComparison.Ordinal) + Start.Length)..].Split(' ');
                var settings = new SettingsReader(new ConfigurationBuilder().AddCommandLine(arguments).Build());
                SystemTopology.Read(settings);
                Assert.Empty(settings.Errors);
            }
        );
    }

    [Fact]
    public void A_command_goes_on_behind_a_backslash() =>
        Assert.Equal(["a \\\n  b", "c"], ShellCommands.In(new("sh", 1, "", "a \\\n  b\n\nc")));

    [Fact]
    public void A_command_is_listed_on_one_line_and_without_its_comment() =>
        Assert.Equal("a b '#1'", ShellCommands.OnOneLine("a \\\n  b '#1'   # what it does"));
}
