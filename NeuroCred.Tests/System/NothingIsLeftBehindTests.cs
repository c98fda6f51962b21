namespace NeuroCred.Tests.WholeSystem;

/// <summary>However the AppHost ends, everything it started ends with it.</summary>
public sealed class NothingIsLeftBehindTests
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);

    // SIGTERM, up to 6 s until SIGKILL, and the orchestrator's own end.
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("INT", 0)]
    [InlineData("TERM", 0)]
    [InlineData("KILL", 137)]
    public Task However_the_AppHost_ends_no_process_no_port_and_no_temporary_folder_remains(string signal, int exitCode)
        => EndAsync((appHost, _) => appHost.Signal(signal), exitCode);

    [Fact]
    public Task When_the_orchestrator_is_killed_the_AppHost_ends_too_and_nothing_remains()
        => EndAsync((_, processes) => ProcessTable.Kill(processes.First(p => p.Name == "dcp" && ProcessTable.GetCommandLine(p).Contains("run-controllers", StringComparison.Ordinal))), exitCode: 1);

    private static async Task EndAsync(Action<AppHostProcess, IReadOnlyList<RunningProcess>> end, int exitCode)
    {
        using var appHost = new AppHostProcess("--Gateway:Port=0", "--Gateway:HttpsPort=0", "--Monitor:Port=0", "--Api:BasePort=0", "--Api:Replicas=1");
        await Until.HoldsAsync(() => appHost.Output.Contains("NeuroCred serves at", StringComparison.Ordinal), s_start, () => appHost.Output);
        var processes = ProcessTable.Find(appHost.Marker);
        var ports = ProcessTable.FindListeningPorts(processes);
        Assert.Superset(new HashSet<string> { "dcp", "postgres", "redis-server", "nginx" }, processes.Select(p => p.Name).ToHashSet());
        Assert.NotEmpty(Directory.EnumerateDirectories(appHost.TemporaryFolder));

        end(appHost, processes);

        Assert.Equal(exitCode, await appHost.WaitForExitAsync(s_end));
        await Until.HoldsAsync(() => !processes.Any(ProcessTable.IsAlive), s_end, () => $"Still there: {string.Join(", ", processes.Where(ProcessTable.IsAlive))}");
        Assert.Empty(ProcessTable.Find(appHost.Marker));
        Assert.Empty(ports.Intersect(ProcessTable.FindListeningPorts()));

        // Folders: the runtime of a killed process cannot remove its own diagnostic pipes.
        Assert.Empty(Directory.EnumerateDirectories(appHost.TemporaryFolder));

        // The gateway's log goes with the run, unless that was killed: then the next run removes it.
        Assert.Equal(exitCode == 137, Directory.EnumerateFileSystemEntries(appHost.StateFolder, "*-*", SearchOption.AllDirectories).Any(e => !e.EndsWith("gateway-log", StringComparison.Ordinal)));
    }
}
