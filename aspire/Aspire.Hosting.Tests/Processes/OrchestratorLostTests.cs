using Aspire.Hosting.Tests.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

/// <summary>The orchestrator is killed: nothing can be watched, stopped or started any more.</summary>
public sealed class OrchestratorLostTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_AppHost_says_so_ends_what_is_left_and_ends_with_a_failure(int which)
    {
        await using var appHost = new RunningAppHost();
        await appHost.WaitForAsync("ready");
        Signals.Send(appHost.Orchestrators[which], Signals.Kill);
        Assert.Equal(1, await appHost.WaitForExitAsync());
        Assert.Contains("The orchestrator (DCP) has ended or does not answer any more", appHost.Output, StringComparison.Ordinal);
        Assert.Contains("The application is stopped", appHost.Output, StringComparison.Ordinal);
        await appHost.NothingIsLeftAsync();
    }

    [Fact]
    public async Task All_of_it_is_killed_at_once_with_those_who_watch_over_the_processes()
    {
        await using var appHost = new RunningAppHost();
        await appHost.WaitForAsync("ready");
        appHost.KillWholeOrchestrator();
        Assert.Equal(1, await appHost.WaitForExitAsync());
        await appHost.NothingIsLeftAsync();
    }
}
