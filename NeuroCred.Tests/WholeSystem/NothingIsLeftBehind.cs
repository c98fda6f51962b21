namespace NeuroCred.Tests.WholeSystem;

/// <summary>However the AppHost ends, everything it started ends with it.</summary>
internal static class NothingIsLeftBehind
{
    /// <summary>How long a start may take.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    /// <summary>SIGTERM, up to 6 s until SIGKILL, and the orchestrator's own end.</summary>
    public static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    private static readonly string[] s_foldersOfTheSdk = ["NuGetScratch", "MSBuildTemp"];

    /// <summary>The AppHost's arguments: the smallest system on free ports.</summary>
    public static string[] Arguments { get; } =
    ["--Gateway:Port=0", "--Gateway:HttpsPort=0", "--Monitor:Port=0", "--Api:BasePort=0", "--Api:Replicas=1"];

    /// <summary>Waits until an AppHost serves, ends it, and looks for what remains.</summary>
    /// <param name="started">The AppHost.</param>
    /// <param name="end">Ends it, or some of its processes.</param>
    /// <param name="exitCode">What its exit code must be.</param>
    /// <param name="says">What its output must contain at the end.</param>
    /// <param name="servesAsync">What else must hold before it is ended; null for nothing.</param>
    public static async Task AssertAfterAsync(
        AppHostProcess started,
        Action<AppHostProcess, IReadOnlyList<RunningProcess>> end,
        int exitCode,
        string says = "",
        Func<AppHostProcess, Task>? servesAsync = null
    )
    {
        await using var appHost = started;
        await Until.HoldsAsync(
            () => appHost.Output.Contains("NeuroCred serves at", StringComparison.Ordinal),
            StartTimeout,
            () => appHost.Output
        );
        await (servesAsync?.Invoke(appHost) ?? Task.CompletedTask);
        var processes = ProcessTable.Find(appHost.Marker);
        var listeners = ProcessTable.FindListeners(processes).ToArray();
        Assert.NotEmpty(listeners);
        Assert.Superset(new HashSet<string> { "dcp", "postgres", "redis-server", "nginx" }, processes.Select(p => p.Name).ToHashSet());
        Assert.NotEmpty(Directory.EnumerateDirectories(appHost.TemporaryFolder));

        end(appHost, processes);

        Assert.Equal(exitCode, await appHost.WaitForExitAsync(EndTimeout));
        Assert.Contains(says, appHost.Output, StringComparison.Ordinal);
        await Until.HoldsAsync(
            () => !processes.Any(p => p.IsAlive),
            EndTimeout,
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
