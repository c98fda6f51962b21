using NeuroCred.Processes;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>However the AppHost ends, everything it started ends with it.</summary>
[StartsProcesses]
public sealed class NothingIsLeftBehindTests
{
    private const string OrchestratorLost = "The orchestrator (DCP) has ended";

    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(3);

    // An orchestrator that was never seen may only be slow to start.
    private static readonly TimeSpan s_noOrchestrator = TimeSpan.FromMinutes(2);

    private static readonly string[] s_arguments =
    [
        "--Gateway:Port=0",
        "--Gateway:HttpsPort=0",
        "--Monitor:Port=0",
        "--Api:BasePort=0",
        "--Api:Replicas=1",
    ];

    private static readonly string[] s_foldersOfTheSdk = ["NuGetScratch", "MSBuildTemp"];

    // SIGTERM, up to 6 s until SIGKILL, and the orchestrator's own end.
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("INT", 0)]
    [InlineData("TERM", 0)]
    [InlineData("KILL", 137)]
    public Task However_the_AppHost_ends_no_process_no_port_and_no_temporary_folder_remains(string signal, int exitCode) =>
        EndAsync(new(s_arguments), (appHost, _) => appHost.Signal(signal), exitCode);

    [Fact]
    public Task After_Control_C_under_dotnet_run_nothing_remains() =>
        EndAsync(AppHostProcess.ByDotnetRun(s_arguments), (appHost, _) => appHost.PressControlC(), exitCode: 0);

    [Theory]
    [InlineData("TERM", 0)]
    [InlineData("KILL", 137)]
    public Task However_dotnet_run_ends_the_AppHost_ends_with_it_and_nothing_remains(string signal, int exitCode) =>
        EndAsync(AppHostProcess.ByDotnetRun(s_arguments), (appHost, _) => appHost.Signal(signal), exitCode);

    [Theory]
    [InlineData("start-apiserver")]
    [InlineData("run-controllers")]
    [InlineData("")]
    public Task When_the_orchestrator_or_a_part_of_it_is_killed_the_AppHost_says_so_and_ends_and_nothing_remains(string part) =>
        EndAsync(new(s_arguments), (_, processes) => KillOrchestrator(processes, part), exitCode: 1, says: OrchestratorLost);

    [Theory]
    [InlineData("Starting DCP with arguments")]
    [InlineData("Dashboard:")]
    public async Task When_the_orchestrator_is_killed_during_the_start_the_AppHost_says_so_and_ends(string last)
    {
        using var appHost = new AppHostProcess(s_arguments);
        IReadOnlyList<RunningProcess> processes = [];
        await Until.HoldsAsync(() => appHost.Output.Contains(last, StringComparison.Ordinal), s_start, () => appHost.Output);
        await Until.HoldsAsync(
            () => (processes = ProcessTable.Find(appHost.Marker)).Any(p => p.Name == "dcp"),
            s_start,
            () => appHost.Output
        );

        KillOrchestrator(processes, "");

        Assert.Equal(1, await appHost.WaitForExitAsync(s_noOrchestrator));
        Assert.Contains(OrchestratorLost, appHost.Output, StringComparison.Ordinal);
        await Until.HoldsAsync(
            () => ProcessTable.Find(appHost.Marker).Count == 0,
            s_end,
            () => string.Join(", ", ProcessTable.Find(appHost.Marker))
        );
    }

    // Suspended first: no part of it notices that another one has been killed.
    private static void KillOrchestrator(IReadOnlyList<RunningProcess> processes, string part)
    {
        var victims = processes.Where(p => p.Name == "dcp" && p.CommandLine.Contains(part, StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(victims);
        foreach (var signal in (UnixSignal[])[UnixSignal.Stop, UnixSignal.Kill])
        {
            Assert.All(victims, victim => Assert.True(signal.SendTo(victim.Process.Id)));
        }
    }

    private static async Task EndAsync(
        AppHostProcess started,
        Action<AppHostProcess, IReadOnlyList<RunningProcess>> end,
        int exitCode,
        string says = ""
    )
    {
        using var appHost = started;
        await Until.HoldsAsync(
            () => appHost.Output.Contains("NeuroCred serves at", StringComparison.Ordinal),
            s_start,
            () => appHost.Output
        );
        var processes = ProcessTable.Find(appHost.Marker);
        var listeners = ProcessTable.FindListeners(processes).ToArray();
        Assert.NotEmpty(listeners);
        Assert.Superset(new HashSet<string> { "dcp", "postgres", "redis-server", "nginx" }, processes.Select(p => p.Name).ToHashSet());
        Assert.NotEmpty(Directory.EnumerateDirectories(appHost.TemporaryFolder));

        end(appHost, processes);

        Assert.Equal(exitCode, await appHost.WaitForExitAsync(s_end));
        Assert.Contains(says, appHost.Output, StringComparison.Ordinal);
        await Until.HoldsAsync(
            () => !processes.Any(p => p.IsAlive),
            s_end,
            () => $"Still there: {string.Join(", ", processes.Where(p => p.IsAlive))}"
        );
        Assert.Empty(ProcessTable.Find(appHost.Marker));
        Assert.Empty(listeners.Intersect(ProcessTable.FindListeners()));

        // Folders: the runtime of a killed process cannot remove its own diagnostic pipes, and `dotnet run` leaves the SDK's.
        Assert.DoesNotContain(
            Directory.EnumerateDirectories(appHost.TemporaryFolder),
            f => !s_foldersOfTheSdk.Any(s => Path.GetFileName(f).StartsWith(s, StringComparison.Ordinal))
        );

        // The gateway's log goes with the run, unless the AppHost itself was killed: then the next run removes it.
        Assert.Equal(
            exitCode == 137 && !appHost.IsByDotnetRun,
            Directory
                .EnumerateFileSystemEntries(appHost.StateFolder, "*-*", SearchOption.AllDirectories)
                .Any(e => !e.EndsWith("gateway-log", StringComparison.Ordinal))
        );
    }
}
