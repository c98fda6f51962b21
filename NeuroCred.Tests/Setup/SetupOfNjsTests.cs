using System.Runtime.Versioning;

namespace NeuroCred.Tests.Setup;

/// <summary>How <c>setup.sh</c> brings nginx's module njs, which not every machine can have.</summary>
[SupportedOSPlatform("linux")]
[StartsProcesses]
public sealed class SetupOfNjsTests : IDisposable
{
    private const string NoModule = "case $2 in *http-js) ;; *) echo '  Candidate: 15+248' ;; esac";

    private readonly FakeMachine _machine = new();

    public SetupOfNjsTests() => _machine.Remove("libnginx-mod-http-js");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task It_comes_with_nginx_whose_service_is_held()
    {
        _machine.Remove("nginx");

        await _machine.RunSetupAsync();

        Assert.EndsWith(" nginx libnginx-mod-http-js", _machine.Install);
        Assert.Single(_machine.Calls, "update-rc.d nginx disable");
    }

    [Fact]
    public async Task An_nginx_that_runs_as_a_service_is_neither_restarted_nor_disabled_for_it()
    {
        _machine.Stub("dpkg-query", "echo installed");

        await _machine.RunSetupAsync();

        Assert.Contains("policy nginx 101", _machine.Calls);
        Assert.DoesNotContain(_machine.Calls, call => call.StartsWith("update-rc.d", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_distribution_without_it_lacks_nothing()
    {
        _machine.Stub("apt-cache", NoModule);

        var run = await _machine.RunSetupAsync();

        Assert.Equal("", run.Error);
        Assert.Contains("this distribution has no package of it", run.Output);
        Assert.Contains("Nothing is missing.", run.Output);
        Assert.Empty(_machine.Calls);
    }

    [Fact]
    public async Task A_bare_distribution_without_it_gets_the_rest()
    {
        Directory.Delete(_machine.InRoot("var/lib/apt"), recursive: true);
        _machine.Remove("nginx");
        _machine.Stub("apt-cache", NoModule);

        var run = await _machine.RunSetupAsync();

        Assert.Equal("", run.Error);
        Assert.Contains("this distribution has no libnginx-mod-http-js: going on without", run.Output);
        Assert.EndsWith(" --no-install-recommends nginx", _machine.Install);
    }

    [Fact]
    public async Task Without_lists_of_packages_they_are_fetched_before_it_is_given_up()
    {
        Directory.Delete(_machine.InRoot("var/lib/apt"), recursive: true);
        _machine.Stub("apt-cache", NoModule);

        var run = await _machine.RunSetupAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith(" update", Assert.Single(_machine.Calls, call => call.StartsWith("apt-get", StringComparison.Ordinal)));
        Assert.False(File.Exists(_machine.Policy));
    }

    [Theory]
    [InlineData("exit 1")] // built from source
    [InlineData("case \"$*\" in '-S '*) ;; *) exit 1 ;; esac")] // nginx.org's package
    public async Task It_is_not_installed_for_another_nginx_than_the_distributions(string dpkgQuery)
    {
        _machine.Stub("dpkg-query", dpkgQuery);

        var run = await _machine.RunSetupAsync();

        Assert.Contains("nginx is not this distribution's", run.Output);
        Assert.Contains("Nothing is missing.", run.Output);
        Assert.Empty(_machine.Calls);
    }

    [Fact]
    public async Task Root_is_told_to_install_it_apart_because_it_may_not_be_there()
    {
        _machine.RunAs("alice", 1000);
        _machine.Remove("nginx");
        _machine.Remove("sudo");

        var run = await _machine.RunSetupAsync();

        Assert.Contains("apt-get install -y --no-install-recommends 'nginx'\n", run.Error);
        Assert.Contains("apt-get install -y --no-install-recommends libnginx-mod-http-js   # where the distribution has it\n", run.Error);
    }
}
