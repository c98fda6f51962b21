using Aspire.Hosting;
using NeuroCred.AppHost.Monitoring;

namespace NeuroCred.Tests.AppHost;

public sealed class GatewayLogFolderTests : IDisposable
{
    private readonly TemporaryFolder _state = new();

    private IEnumerable<string> Left => Directory.Exists(Parent) ? Directory.EnumerateFileSystemEntries(Parent) : [];

    private string Parent => Path.Combine(_state.Path, "neurocred", "gateway-log");

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task It_is_there_while_the_application_runs_and_goes_with_it()
    {
        using var folder = new GatewayLogFolder(_state.Path);
        Assert.Empty(Left);

        folder.Create();
        await File.WriteAllTextAsync(folder.File, "{}", Cancellation);
        folder.Dispose();

        Assert.Empty(Left);
    }

    [Fact]
    public async Task Where_it_cannot_be_made_the_start_says_which_variable_to_set()
    {
        await File.WriteAllTextAsync(Path.Combine(_state.Path, "neurocred"), "a file in the way", Cancellation);
        using var folder = new GatewayLogFolder(_state.Path);

        var error = Assert.Throws<DistributedApplicationException>(folder.Create);

        Assert.Contains($"'{Parent}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set XDG_STATE_HOME", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_run_removes_what_a_killed_one_left_and_nothing_of_one_that_lives()
    {
        using var living = new GatewayLogFolder(_state.Path);
        living.Create();
        var abandoned = Path.Combine(Parent, "1-abandoned");
        Directory.CreateDirectory(abandoned);
        await File.WriteAllTextAsync(Path.Combine(abandoned, "access.log"), "{}", Cancellation);
        await File.WriteAllTextAsync(abandoned + ".lock", "", Cancellation);

        using var next = new GatewayLogFolder(_state.Path);
        next.Create();

        Assert.False(Directory.Exists(abandoned));
        Assert.False(File.Exists(abandoned + ".lock"));
        Assert.True(Directory.Exists(living.Path));
        Assert.True(Directory.Exists(next.Path));
    }
}
