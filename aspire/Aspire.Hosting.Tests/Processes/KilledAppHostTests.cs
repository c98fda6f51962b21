using Aspire.Hosting.Tests.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

/// <summary>An AppHost that has no chance to clean up leaves no process, no port and no temporary folder all the same.</summary>
public sealed class KilledAppHostTests
{
    private const int AbortedExitCode = 134;

    [Fact]
    public async Task A_killed_one_leaves_nothing_not_even_its_dashboard()
    {
        await using var appHost = new RunningAppHost("--family", "--dashboard");
        await appHost.WaitForAsync("ready");
        await appHost.WaitForAsync("Login to the dashboard");
        appHost.Signal(Signals.Kill);
        await appHost.WaitForExitAsync();
        await appHost.NothingIsLeftAsync();
    }

    [Fact]
    public async Task One_that_crashes_leaves_nothing()
    {
        await using var appHost = new RunningAppHost("--Crash=exception");
        await appHost.WaitForAsync("This AppHost crashed.");
        Assert.Equal(AbortedExitCode, await appHost.WaitForExitAsync());
        await appHost.NothingIsLeftAsync();
    }
}
