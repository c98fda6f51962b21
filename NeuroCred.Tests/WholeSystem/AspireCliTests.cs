namespace NeuroCred.Tests.WholeSystem;

/// <summary>The genuine aspire CLI runs the application, as it runs any other.</summary>
[Collection(SharedAspireCli.Name)]
[StartsProcesses]
public sealed class AspireCliTests(AspireCli cli)
{
    // SIGTERM, up to 6 s until SIGKILL, and the orchestrator's own end.
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_starts_shows_waits_for_commands_and_stops_the_application()
    {
        var commands = AspireCli.ReadCommands("start");
        Assert.Equal("start stop", $"{commands[0][0]} {commands[^1][0]}");

        await cli.RunAsync("start", "--isolated", "--no-build");
        try
        {
            foreach (var command in commands.Skip(1).SkipLast(1))
            {
                await cli.RunAsync(command);
            }

            Assert.Contains("NeuroCred.AppHost", await cli.RunAsync("ps"), StringComparison.Ordinal);
            await cli.RunAsync("wait", "api-1");
            using var description = JsonDocument.Parse(await cli.RunAsync("describe", "--format", "json"));
            Assert.Superset(
                new HashSet<string> { "api-1", "api-2", "api-3", "gateway", "monitor", "postgres", "redis" },
                description
                    .RootElement.GetProperty("resources")
                    .EnumerateArray()
                    .Select(r => r.GetProperty("displayName").GetString()!)
                    .ToHashSet()
            );
            Assert.Contains("Now listening on", await cli.RunAsync("logs", "api-1"), StringComparison.Ordinal);

            await cli.RunAsync("wait", "api-2");
            await cli.RunAsync("resource", "api-1", "drain");
            Assert.Contains("valid", await cli.RunAsync("resource", "api-1", "keys", "--arguments", "list"), StringComparison.Ordinal);
        }
        finally
        {
            await cli.RunAsync("stop");
        }

        await NothingIsLeftAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task However_aspire_run_ends_nothing_remains(bool killed)
    {
        using var run = cli.StartRun();
        _ = run.StandardOutput.ReadToEndAsync(Cancellation);
        _ = run.StandardError.ReadToEndAsync(Cancellation);
        await Until.HoldsAsync(
            () => ProcessTable.Find(cli.Marker).Any(p => p.Name == "nginx"),
            TimeSpan.FromSeconds(120),
            () => "aspire run does not start the gateway."
        );

        // The CLI itself: `dotnet aspire` is a process beside it, which only passes signals on.
        var aspire = Assert.Single(ProcessTable.Find(cli.Marker), p => p.Name == "aspire");
        Assert.True((killed ? UnixSignal.Kill : UnixSignal.Terminate).SendTo(aspire.Process.Id));

        await NothingIsLeftAsync();
    }

    private Task NothingIsLeftAsync() =>
        Until.HoldsAsync(
            () => ProcessTable.Find(cli.Marker).Count == 0,
            s_end,
            () => $"Still there: {string.Join(", ", ProcessTable.Find(cli.Marker))}"
        );
}
