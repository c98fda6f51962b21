using Aspire.Hosting.Processes.StandIns;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>Container paths, and values that name them.</summary>
public sealed class ContainerPathsTests
{
    private readonly ContainerPaths _paths = new();

    public ContainerPathsTests()
    {
        _paths.Add("/data", "/volumes/redis");
        _paths.Add("/etc/app/", "/session/etc/app");
        _paths.Add("/etc/app/secret", "/elsewhere/secret");
    }

    [Theory]
    [InlineData("/data", "/volumes/redis")]
    [InlineData("/data/dump.rdb", "/volumes/redis/dump.rdb")]
    [InlineData("/data/../data/x", "/volumes/redis/x")]
    [InlineData("/etc/app/a.conf", "/session/etc/app/a.conf")]
    [InlineData("/etc/app/secret", "/elsewhere/secret")]
    [InlineData("/database", null)]
    [InlineData("/etc", null)]
    public void The_longest_mapped_path_that_contains_it_counts(string path, string? place) => Assert.Equal(place, _paths.Find(path));

    [Theory]
    [InlineData("/data/x", "/volumes/redis/x")]
    [InlineData("--config-file=/etc/app/a.conf", "--config-file=/session/etc/app/a.conf")]
    [InlineData("config_file=/etc/app/a.conf", "config_file=/session/etc/app/a.conf")]
    [InlineData("--requirepass", "--requirepass")]
    [InlineData("/bin/true", "/bin/true")]
    [InlineData("", "")]
    public void A_container_path_in_an_argument_is_mapped(string argument, string mapped) =>
        Assert.Equal(mapped, _paths.MapArgument(argument));

    [Fact]
    public void A_variable_is_read_from_the_file_that_its_FILE_variant_names()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "secret\n");
            _paths.Add("/run/secrets/password", file);
            Dictionary<string, string> environment = new() { ["PASSWORD_FILE"] = "/run/secrets/password", ["OTHER"] = "1" };

            var resolved = EnvironmentFiles.Resolve(environment, _paths, "PASSWORD", "USER");

            Assert.Equal(new Dictionary<string, string> { ["PASSWORD"] = "secret", ["OTHER"] = "1" }, resolved);
            environment["PASSWORD"] = "another";
            Assert.Throws<InvalidOperationException>(() => EnvironmentFiles.Resolve(environment, _paths, "PASSWORD"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
