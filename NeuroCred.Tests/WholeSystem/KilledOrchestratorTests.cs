namespace NeuroCred.Tests.WholeSystem;

/// <summary>The AppHost's orchestrator (DCP) is killed.</summary>
[StartsProcesses]
public sealed class KilledOrchestratorTests
{
    private const string OrchestratorLost = "The orchestrator (DCP) has ended";

    // An orchestrator that was never seen may only be slow to start.
    private static readonly TimeSpan s_noOrchestrator = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("start-apiserver")]
    [InlineData("run-controllers")]
    [InlineData("")]
    public Task When_the_orchestrator_or_a_part_of_it_is_killed_the_AppHost_says_so_and_ends_and_nothing_remains(string part) =>
        NothingIsLeftBehind.AssertAfterAsync(
            new(NothingIsLeftBehind.Arguments),
            (_, processes) => KillOrchestrator(processes, part),
            exitCode: 1,
            says: OrchestratorLost
        );

    [Theory]
    [InlineData("Starting DCP with arguments")]
    [InlineData("Dashboard:")]
    public async Task When_the_orchestrator_is_killed_during_the_start_the_AppHost_says_so_and_ends(string last)
    {
        await using var appHost = new AppHostProcess(NothingIsLeftBehind.Arguments);
        IReadOnlyList<RunningProcess> processes = [];
        await Until.HoldsAsync(
            () => appHost.Output.Contains(last, StringComparison.Ordinal),
            NothingIsLeftBehind.StartTimeout,
            () => appHost.Output
        );
        await Until.HoldsAsync(
            () => (processes = ProcessTable.Find(appHost.Marker)).Any(p => IsOrchestrator(p, "start-apiserver")),
            NothingIsLeftBehind.StartTimeout,
            () => appHost.Output
        );

        KillOrchestrator(processes, "");

        await Until.HoldsAsync(() => appHost.HasExited, s_noOrchestrator, () => appHost.Output);
        Assert.Equal(1, await appHost.WaitForExitAsync(NothingIsLeftBehind.EndTimeout));
        Assert.Contains(OrchestratorLost, appHost.Output, StringComparison.Ordinal);
        await Until.HoldsAsync(
            () => ProcessTable.Find(appHost.Marker).Count == 0,
            NothingIsLeftBehind.EndTimeout,
            () => string.Join(", ", ProcessTable.Find(appHost.Marker))
        );
    }

    // Suspended first: no part of it notices that another one has been killed.
    private static void KillOrchestrator(IReadOnlyList<RunningProcess> processes, string part)
    {
        var victims = processes.Where(p => IsOrchestrator(p, part)).ToArray();
        Assert.NotEmpty(victims);
        foreach (var signal in (UnixSignal[])[UnixSignal.Stop, UnixSignal.Kill])
        {
            Assert.All(victims, victim => Assert.True(signal.SendTo(victim.Process.Id)));
        }
    }

    // Aspire also runs "dcp info" now and then, which looks for a container engine and ends.
    private static bool IsOrchestrator(RunningProcess process, string part) =>
        process.Name == "dcp"
        && !process.CommandLine.Contains(" info", StringComparison.Ordinal)
        && process.CommandLine.Contains(part, StringComparison.Ordinal);
}
