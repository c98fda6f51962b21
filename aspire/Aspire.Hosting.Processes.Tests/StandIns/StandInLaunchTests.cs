using Aspire.Hosting.Processes.StandIns;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>What a stand-in says is to be run, without running it.</summary>
public sealed class StandInLaunchTests
{
    [Fact]
    public async Task An_image_without_arguments_runs_its_default_command_through_its_entrypoint()
    {
        using TestContainer redis = new("redis", 6379);
        var launch = await PrepareAsync(redis);
        Assert.Equal([$"{redis.Folder}/bin/docker-entrypoint.sh", "redis-server"], Command(launch));
        Assert.Equal($"{redis.Folder}/data", launch.WorkingDirectory);
        Assert.StartsWith($"{redis.Folder}/bin:", launch.Environment["PATH"], StringComparison.Ordinal);
        Assert.True(Path.IsPathRooted(launch.Command));
    }

    [Theory]
    [InlineData("/usr/local/bin/docker-entrypoint.sh", "docker-entrypoint.sh")]
    [InlineData("redis-server", "redis-server")]
    [InlineData("/usr/local/bin/redis-server", "redis-server")]
    public async Task An_entrypoint_of_the_image_is_the_stand_ins(string entrypoint, string program)
    {
        using TestContainer redis = new("redis", 6379);
        redis.Launch = redis.Launch with { Entrypoint = entrypoint, Arguments = ["--maxmemory", "1mb"] };
        var launch = await PrepareAsync(redis);
        Assert.Equal([$"{redis.Folder}/bin/{program}", "--maxmemory", "1mb"], Command(launch));
    }

    [Fact]
    public async Task Any_other_entrypoint_is_this_machines_and_an_unknown_one_is_refused()
    {
        using TestContainer redis = new("redis", 6379);
        redis.Launch = redis.Launch with { Entrypoint = "/bin/sh", Arguments = ["-c", "redis-server"] };
        Assert.Equal(["/bin/sh", "-c", "redis-server"], Command(await PrepareAsync(redis)));

        redis.Launch = redis.Launch with { Entrypoint = "/no/such/program" };
        Assert.Contains(
            "/no/such/program",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => PrepareAsync(redis))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Mounts_that_do_not_exist_are_made_and_arguments_that_name_them_mapped()
    {
        using TestContainer redis = new("redis", 6379);
        redis.Launch = redis.Launch with { Arguments = ["--dir", "/data/snapshots"] };
        redis.Mount("a/b", "/data");
        var launch = await PrepareAsync(redis);
        Assert.Equal(redis.Volume("a/b"), launch.WorkingDirectory);
        Assert.True(Directory.Exists(redis.Volume("a/b")));
        Assert.Equal(["--dir", redis.Volume("a/b/snapshots")], Command(launch)[1..]);
    }

    [Fact]
    public async Task Everything_but_mounts_is_written_below_the_folder_with_the_permissions_asked_for()
    {
        using TestContainer redis = new("redis", 6379);
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        redis.AddFile("/etc/redis/users.acl", "user default on", OwnerOnly);
        await PrepareAsync(redis);
        Assert.Equal(
            "user default on",
            await File.ReadAllTextAsync($"{redis.Folder}/rootfs/etc/redis/users.acl", TestContext.Current.CancellationToken)
        );
        Assert.Equal(OwnerOnly, File.GetUnixFileMode($"{redis.Folder}/rootfs/etc/redis/users.acl"));
    }

    [Fact]
    public void Whatever_is_missing_is_named_with_the_way_to_get_it() =>
        Assert.Equal(
            ["no-such-program is missing: install the package no-such-package (Debian, Ubuntu)."],
            InstalledPrograms.FindMissing(("sh", "dash"), ("no-such-program", "no-such-package"))
        );

    private static Task<ProcessLaunch> PrepareAsync(TestContainer container) =>
        StandInCatalog.Find(container.Launch.Image)!.PrepareAsync(container.Next());

    // launch.sh starts the entrypoint, which it finds in the environment, with the arguments that it gets.
    private static string[] Command(ProcessLaunch launch) => [launch.Environment["STANDIN_ENTRYPOINT"], .. launch.Arguments];
}
