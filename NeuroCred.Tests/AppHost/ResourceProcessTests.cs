using Aspire.Hosting.ApplicationModel;

namespace NeuroCred.Tests.AppHost;

/// <summary>A shell and its child stand for <c>dotnet run</c> and its program.</summary>
[StartsProcesses]
public sealed class ResourceProcessTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly Process _shell = Process.Start("sh", ["-c", "sleep 60 & wait"]);

    public void Dispose()
    {
        _shell.Kill(entireProcessTree: true);
        _shell.Dispose();
    }

    [Fact]
    public async Task Suspend_and_continue_reach_the_children_too()
    {
        var process = ResourceProcess.Find(_shell.Id)!;
        var child = await FindChildAsync();

        Assert.True(process.Suspend());
        await Until.HoldsAsync(() => IsSuspended(_shell.Id) && IsSuspended(child), s_deadline, () => "Not suspended.");

        Assert.True(process.Continue());
        await Until.HoldsAsync(() => !IsSuspended(_shell.Id) && !IsSuspended(child), s_deadline, () => "Still suspended.");
    }

    [Fact]
    public async Task Kill_ends_the_children_too_even_suspended_ones()
    {
        var process = ResourceProcess.Find(_shell.Id)!;
        var child = await FindChildAsync();
        process.Suspend();

        Assert.True(process.Kill());

        await Until.HoldsAsync(() => _shell.HasExited && ResourceProcess.Find(child) is null, s_deadline, () => "Still there.");
        Assert.False(process.Kill());
    }

    [Fact]
    public void Another_process_that_got_the_id_is_left_alone()
    {
        var before = ResourceProcess.Find(_shell.Id)! with { StartTime = DateTime.UnixEpoch };

        Assert.False(before.Kill());
        Assert.False(before.Suspend());
        Assert.False(_shell.HasExited);
        Assert.False(IsSuspended(_shell.Id));
    }

    [Theory]
    [InlineData("Running", true)]
    [InlineData("Stopping", false)]
    [InlineData("Starting", false)]
    [InlineData("Exited", false)]
    public void Only_a_resource_that_runs_has_a_process(string state, bool has)
    {
        // The official orchestrator says a number and leaves it there after the end, the local one a text.
        Assert.Equal(has, ResourceProcess.Find(Snapshot(state, _shell.Id)) is not null);
        Assert.Equal(has, ResourceProcess.Find(Snapshot(state, _shell.Id.ToString())) is not null);
    }

    [Fact]
    public void A_container_has_no_process_to_signal() => Assert.Null(ResourceProcess.Find(Snapshot("Running", null)));

    private static CustomResourceSnapshot Snapshot(string state, object? pid) =>
        new()
        {
            ResourceType = "Project",
            State = state,
            Properties = pid is null ? [] : [new("executable.pid", pid)],
        };

    private static bool IsSuspended(int pid) => LinuxProcess.ReadStat(pid) is ["T", ..];

    private async Task<int> FindChildAsync()
    {
        await Until.HoldsAsync(() => ProcessTree.GetDescendants(_shell.Id).Any(), s_deadline, () => "The shell has no child.");
        return ProcessTree.GetDescendants(_shell.Id).First();
    }
}
