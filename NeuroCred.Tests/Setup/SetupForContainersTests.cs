using System.Runtime.Versioning;

namespace NeuroCred.Tests.Setup;

/// <summary>What <c>setup.sh --containers</c> says about a container engine.</summary>
[SupportedOSPlatform("linux")]
[StartsProcesses]
public sealed class SetupForContainersTests : IDisposable
{
    private readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task An_engine_that_answers_and_has_the_images_lacks_nothing()
    {
        _machine.Stub("docker", Docker("28.2.2", "28.2.2"));

        var run = await _machine.RunSetupAsync("--containers");

        Assert.Equal("", run.Error);
        Assert.Contains("ok       docker", run.Output);
        Assert.Contains("Nothing is missing.", run.Output);
    }

    [Fact]
    public async Task An_engine_is_asked_with_containers_only()
    {
        _machine.Stub("docker", "echo asked >>\"$CALLS\"");

        await _machine.RunSetupAsync();

        Assert.Empty(_machine.Calls);
    }

    [Fact]
    public async Task Images_that_are_not_there_can_be_built_without_a_registry()
    {
        _machine.Stub("docker", Docker("28.2.2", "28.2.2", "case $3 in redis:*) exit 1 ;; esac"));

        var run = await _machine.RunSetupAsync("--containers");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("sudo eng/images/build.sh redis ", run.Output);
    }

    [Fact]
    public async Task Images_have_the_names_that_they_are_built_with()
    {
        var folder = Path.GetDirectoryName(FakeMachine.SetupScript)!;
        var cancellation = Cancellation;
        var setup = await File.ReadAllLinesAsync(FakeMachine.SetupScript, cancellation);
        var build = await File.ReadAllTextAsync(Path.Combine(folder, "eng/images/build.sh"), cancellation);

        var images = Assert.Single(setup, line => line.StartsWith("readonly images=", StringComparison.Ordinal)).Split('"')[1].Split(' ');

        Assert.Equal(3, images.Length);
        Assert.All(images, image => Assert.Contains($" {image} ;;", build));
    }

    [Fact]
    public async Task A_client_that_is_too_old_is_named_with_the_fix_and_nothing_is_changed()
    {
        _machine.Remove("nginx");
        _machine.Stub("docker", Docker("20.10.24", "20.10.24"));

        var run = await _machine.RunSetupAsync("--containers");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Docker's client is of version 20, and Aspire needs 25 or newer", run.Output);
        Assert.Contains("Put a Docker client of version 25 or newer first on PATH", run.Error);
        Assert.Empty(_machine.Calls);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_has_to_be_started()
    {
        _machine.Stub("docker", Docker("28.2.2", ""));

        var run = await _machine.RunSetupAsync("--containers");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no engine answers 'docker'", run.Output);
        Assert.Contains("Start the container engine", run.Error);
    }

    [Theory]
    [InlineData("26.1.5+dfsg1", "apt-get install docker.io")]
    [InlineData("20.10.24+dfsg1", "https://docs.docker.com/engine/install/ (docker.io here is 20)")]
    [InlineData("(none)", "https://docs.docker.com/engine/install/\n")]
    public async Task Without_an_engine_it_says_where_to_get_one_that_is_new_enough(string offered, string fix)
    {
        _machine.Stub("apt-cache", $"echo '  Candidate: {offered}'");

        var run = await _machine.RunSetupAsync("--containers");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("there is no program 'docker'", run.Output);
        Assert.Contains("there is no program 'podman'", run.Output);
        Assert.Contains(fix, run.Error);
        Assert.Contains("NeuroCred runs without containers too", run.Error);
    }

    [Fact]
    public async Task Podman_is_taken_where_Docker_does_not_answer()
    {
        _machine.Stub("docker", Docker("28.2.2", ""));
        _machine.Stub("podman", "[ $1 != info ] || echo 5.4.2");

        var run = await _machine.RunSetupAsync("--containers");

        Assert.Contains("ok       podman", run.Output);
        Assert.Contains("Nothing is missing.", run.Output);
    }

    /// <summary>A client of a version, before an engine of another (none: <c>""</c>).</summary>
    private static string Docker(string client, string engine, string image = "") =>
        $"""
            case $1 in
              version) echo {client}; [ "{engine}" ] ;;
              info) echo {engine} ;;
              image) {image} ;;
            esac
            """;
}
