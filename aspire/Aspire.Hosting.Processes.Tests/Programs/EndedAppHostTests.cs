using System.Diagnostics;

namespace Aspire.Hosting.Processes.Tests.Programs;

/// <summary>However an AppHost ends, no process, no port and no temporary folder of its run remains.</summary>
[Collection(ProgramTests.Name)]
public sealed class EndedAppHostTests : IDisposable
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("apphost-").FullName;

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    // SIGINT: see the test of the packages.
    [Fact]
    public async Task It_leaves_nothing_when_it_was_killed()
    {
        await using var appHost = new RunningAppHost(RunningAppHost.Sample, _temporary);
        await appHost.WaitUntilReadyAsync();
        Assert.Superset(new HashSet<string> { "postgres", "redis-server", "nginx" }, appHost.ProgramNames.ToHashSet());
        Assert.NotEmpty(Directory.EnumerateDirectories(_temporary));

        appHost.Signal("KILL");

        Assert.Equal(137, await appHost.WaitForExitAsync());
        await appHost.NothingIsLeftAsync();
    }

    [Fact]
    public async Task It_leaves_nothing_also_when_the_guards_of_its_services_were_killed()
    {
        await using var appHost = new RunningAppHost(RunningAppHost.Sample, _temporary);
        await appHost.WaitUntilReadyAsync();
        Assert.Equal(3, appHost.Kill(" --guard "));

        appHost.Signal("TERM");

        Assert.Equal(0, await appHost.WaitForExitAsync());
        await appHost.NothingIsLeftAsync();
    }

    [Fact]
    public async Task It_serves_also_where_no_temporary_file_may_be_executed()
    {
        using (
            var mount = Process.Start(
                new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "noexec", "tmpfs", _temporary]) { RedirectStandardError = true }
            )!
        )
        {
            var refusal = await mount.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await mount.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen(mount.ExitCode != 0, $"A folder that is mounted noexec needs the right to mount: {refusal.Trim()}");
        }

        try
        {
            await using var appHost = new RunningAppHost(RunningAppHost.Sample, _temporary);
            await appHost.WaitUntilReadyAsync();
            appHost.Signal("TERM");
            Assert.Equal(0, await appHost.WaitForExitAsync());
            await appHost.NothingIsLeftAsync();
        }
        finally
        {
            using var unmount = Process.Start("umount", [_temporary]);
            unmount.WaitForExit();
        }
    }
}

/// <summary>Whole programs, one after the other: a small machine has no room for several.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProgramTests
{
    /// <summary>The collection's name.</summary>
    public const string Name = "AppHosts as programs";
}
