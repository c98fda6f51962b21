using System.Runtime.Versioning;

namespace NeuroCred.Tests.Setup;

/// <summary>
/// <c>setup.sh</c> on a machine of stubs: no network, nothing is installed. That it works with genuine packages on a
/// bare machine is for a bare machine to show.
/// </summary>
[SupportedOSPlatform("linux")]
[StartsProcesses]
public sealed class SetupScriptTests : IDisposable
{
    private readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Setup_says_nothing_is_missing_within_five_seconds()
    {
        // Once more where the machine was busy with other tests.
        var run = await _machine.RunSetupAsync();
        for (var i = 0; i < 10 && run.Duration > TimeSpan.FromSeconds(5); i++)
        {
            run = await _machine.RunSetupAsync();
        }

        Assert.Equal("", run.Error);
        Assert.Contains("Nothing is missing. Next: dotnet run --project NeuroCred.AppHost", run.Output);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(_machine.Calls);
        Assert.InRange(run.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("redis-server")]
    [InlineData("postgresql")]
    [InlineData("libnginx-mod-http-js")]
    public async Task It_installs_only_the_package_that_is_missing(string package)
    {
        _machine.Remove(package);

        var run = await _machine.RunSetupAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"Installing packages: {package}.", run.Output);
        Assert.EndsWith($" --no-install-recommends {package}", _machine.Install);
        Assert.Contains("Nothing is missing.", (await _machine.RunSetupAsync()).Output);
    }

    [Fact]
    public async Task No_service_of_a_new_package_starts_and_no_trace_of_the_means_is_left()
    {
        _machine.Remove("nginx");
        _machine.Remove("redis-server");
        _machine.Remove("postgresql");

        await _machine.RunSetupAsync();

        string[] refused =
        [
            "policy nginx 101",
            "policy redis-server 101",
            "policy postgresql.service 101",
            "policy postgresql@15-main 101",
        ];
        Assert.Equal(
            [.. refused, "policy prometheus 0", "policy cron 0"],
            _machine.Calls.Where(call => call.StartsWith("policy ", StringComparison.Ordinal))
        );
        Assert.Contains("postgresql: create_main_cluster = false", _machine.Calls);
        string[] disabled = ["update-rc.d nginx disable", "update-rc.d redis-server disable", "update-rc.d postgresql disable"];
        Assert.Equal(disabled, _machine.Calls.Where(call => call.StartsWith("update-rc.d", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFileSystemEntries(_machine.InRoot("usr/sbin")));
        Assert.False(Directory.Exists(_machine.InRoot("etc/postgresql-common")));
        Assert.Empty(Directory.GetFileSystemEntries(_machine.Temporary));
    }

    [Fact]
    public async Task A_service_that_was_there_stays_as_it_is()
    {
        _machine.Remove("postgresql");
        _machine.StubPostgres(11);
        _machine.Stub("dpkg-query", "case \"$*\" in *postgresql-common) printf installed ;; *) exit 1 ;; esac");

        var run = await _machine.RunSetupAsync();

        Assert.Contains("only 11 is here, which stays", run.Output);
        Assert.Contains("policy nginx 0", _machine.Calls);
        Assert.DoesNotContain(_machine.Calls, call => call.StartsWith("update-rc.d", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_existing_policy_decides_about_other_services_and_is_restored()
    {
        _machine.Remove("nginx");
        FakeMachine.WriteScript(_machine.Policy, "exit 104");

        await _machine.RunSetupAsync();

        Assert.Contains("policy nginx 101", _machine.Calls);
        Assert.Contains("policy cron 104", _machine.Calls);
        Assert.Equal("#!/bin/sh\nexit 104\n", await File.ReadAllTextAsync(_machine.Policy, Cancellation));
        Assert.Single(Directory.GetFileSystemEntries(_machine.InRoot("usr/sbin")));
    }

    [Fact]
    public async Task A_failed_installation_names_step_and_fix_and_leaves_no_policy()
    {
        _machine.Remove("nginx");
        _machine.Stub("apt-get", "echo 'E: Unable to locate package'; exit 100");

        var run = await _machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("    | E: Unable to locate package", run.Error);
        Assert.Contains("step \"packages\" failed: apt-get could not install nginx", run.Error);
        Assert.Contains("Fix: ", run.Error);
        Assert.False(File.Exists(_machine.Policy));
    }

    [Fact]
    public async Task An_interruption_leaves_no_policy()
    {
        _machine.Remove("postgresql");
        _machine.Stub("apt-get", "kill -INT $PPID");

        var run = await _machine.RunSetupAsync();

        Assert.Equal(130, run.ExitCode);
        Assert.Contains("interrupted. Run it again to go on.", run.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_machine.Temporary));
        Assert.False(File.Exists(_machine.Policy));
        Assert.False(Directory.Exists(_machine.InRoot("etc/postgresql-common")));
    }

    [Fact]
    public async Task What_a_killed_run_left_behind_is_cleaned_up()
    {
        _machine.Remove("nginx");
        _machine.Stub("apt-get", "kill -KILL $PPID");
        FakeMachine.WriteScript(_machine.Policy, "exit 104");
        await _machine.RunSetupAsync();
        Assert.Contains("NeuroCred", await File.ReadAllTextAsync(_machine.Policy, Cancellation));

        _machine.Stub("nginx", "echo 1.22.1");
        await _machine.RunSetupAsync();

        Assert.Equal("#!/bin/sh\nexit 104\n", await File.ReadAllTextAsync(_machine.Policy, Cancellation));
        Assert.Single(Directory.GetFileSystemEntries(_machine.InRoot("usr/sbin")));
    }

    [Fact]
    public async Task Packages_that_an_interruption_left_unconfigured_count_as_missing()
    {
        _machine.Stub("dpkg-query", "echo 'unpacked redis-server'");

        await _machine.RunSetupAsync();

        Assert.EndsWith(" redis-server", _machine.Install);
    }

    [Fact]
    public async Task A_system_that_offers_too_old_a_PostgreSQL_is_told_where_to_get_a_newer_one()
    {
        _machine.Remove("postgresql");
        _machine.Stub("apt-cache", "echo '  Candidate: 12+214'");

        var run = await _machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("offers PostgreSQL 12, and NeuroCred needs 13 or newer", run.Error);
        Assert.DoesNotContain(_machine.Calls, FakeMachine.IsInstall);
    }

    [Fact]
    public async Task Without_the_SDK_it_says_where_to_get_it_and_changes_nothing()
    {
        _machine.Remove("dotnet");
        _machine.Remove("nginx");

        var run = await _machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Install the .NET 10.0 SDK", run.Error);
        Assert.DoesNotContain("sudo", run.Error);
        Assert.Empty(_machine.Calls);
    }

    [Fact]
    public async Task Under_sudo_it_says_that_sudo_may_hide_the_SDK()
    {
        _machine.Remove("dotnet");

        var run = await _machine.RunSetupAsync(environment: new() { ["SUDO_USER"] = "alice" });

        Assert.Contains("sudo hides your PATH. Run ./setup.sh without sudo", run.Error);
    }

    [Fact]
    public async Task An_ordinary_user_installs_packages_through_sudo()
    {
        _machine.RunAs("alice", 1000);
        _machine.Remove("nginx");

        var run = await _machine.RunSetupAsync();

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["sudo -n true", "sudo bash -c set -euo pipefail"],
            _machine.Calls.Where(call => call.StartsWith("sudo", StringComparison.Ordinal))
        );
        Assert.Contains("update-rc.d nginx disable", _machine.Calls);
    }

    [Theory]
    [InlineData("", "there is no sudo")]
    [InlineData("exit 1", "sudo does not let you")]
    public async Task Without_sudo_it_says_what_root_has_to_run(string sudo, string reason)
    {
        _machine.RunAs("alice", 1000);
        _machine.Remove("redis-server");
        _machine.Stub("sudo", sudo);
        if (sudo.Length == 0)
        {
            _machine.Remove("sudo");
        }

        var run = await _machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(reason, run.Error);
        Assert.Contains("apt-get install -y --no-install-recommends 'redis-server'", run.Error);
        Assert.Contains("service redis-server stop; update-rc.d redis-server disable", run.Error);
    }

    [Fact]
    public async Task A_system_without_apt_is_told_what_to_install()
    {
        _machine.Remove("apt-get");
        _machine.Remove("nginx");

        var run = await _machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("there is no apt-get", run.Error);
        Assert.Contains("\n       nginx\n", run.Error);
    }

    [Fact]
    public async Task Tools_that_only_tests_need_are_looked_for_with_tests_only()
    {
        var run = await _machine.RunSetupAsync("--tests");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("curl", run.Output);
        var install = _machine.Install;
        Assert.Contains("procps", install);
        Assert.Contains("kubernetes-client", install);
        Assert.Contains("awscli", install);
        Assert.Contains("chromium", install);
        Assert.Contains("fonts-dejavu-core fonts-liberation", install);
        Assert.Contains("Nothing is missing.", (await _machine.RunSetupAsync("--tests")).Output);
    }

    [Fact]
    public async Task Prometheus_comes_with_tests_and_its_service_is_neither_started_nor_left_enabled()
    {
        await _machine.RunSetupAsync("--tests");

        Assert.Contains("prometheus", _machine.Install);
        Assert.Contains("policy prometheus 101", _machine.Calls);
        Assert.Contains("update-rc.d prometheus disable", _machine.Calls);
        Assert.False(File.Exists(_machine.Policy));
    }

    [Fact]
    public async Task Where_there_is_no_package_of_the_browser_the_rest_is_installed_all_the_same()
    {
        FakeMachine.WriteFile(_machine.InRoot("etc/os-release"), "NAME=\"Ubuntu\"\nID=ubuntu\n");

        var run = await _machine.RunSetupAsync("--tests");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("those tests are skipped", run.Output);
        var install = _machine.Install;
        Assert.DoesNotContain("chromium", install);
        Assert.DoesNotContain("kubernetes-client", install);
        Assert.DoesNotContain("awscli", install);
    }

    [Fact]
    public async Task What_only_benchmarks_need_is_installed_for_them_and_no_service_of_it_is_left_enabled()
    {
        var run = await _machine.RunSetupAsync("--benchmarks");

        Assert.Contains("haproxy", run.Output);
        Assert.Contains("wrk", run.Output);
        Assert.DoesNotContain("curl", run.Output);
        var install = _machine.Install;
        Assert.Contains("haproxy", install);
        Assert.Contains("wrk", install);
        Assert.Contains("update-rc.d haproxy disable", _machine.Calls);
    }

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("--no-such-option", 2)]
    [InlineData("tests", 2)]
    public async Task Options_are_help_tests_benchmarks_and_containers(string argument, int exitCode)
    {
        _machine.Remove("nginx");

        var run = await _machine.RunSetupAsync(argument);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("Usage: ./setup.sh [--tests] [--benchmarks] [--containers]", run.Output + run.Error);
        Assert.Empty(_machine.Calls);
    }
}
