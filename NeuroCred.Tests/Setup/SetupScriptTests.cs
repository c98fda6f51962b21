using System.Runtime.Versioning;

namespace NeuroCred.Tests.Setup;

/// <summary>
/// <c>setup.sh</c> on a machine of stubs: no network, nothing is installed. That it works with genuine packages on a
/// bare machine is for a bare machine to show.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class SetupScriptTests : IDisposable
{
    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Fact]
    public async Task Setup_says_nothing_is_missing_within_five_seconds()
    {
        var run = await machine.RunSetupAsync();

        Assert.Equal("", run.Error);
        Assert.Contains("Nothing is missing. Next: dotnet run --project NeuroCred.AppHost", run.Output);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(machine.Calls);
        Assert.InRange(run.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("redis-server")]
    [InlineData("postgresql")]
    public async Task It_installs_only_the_package_that_is_missing(string package)
    {
        machine.Remove(package);

        var run = await machine.RunSetupAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"Installing packages: {package}.", run.Output);
        Assert.EndsWith($" --no-install-recommends {package}", Assert.Single(machine.Calls, call => call.Contains(" install ")));
        Assert.Contains("Nothing is missing.", (await machine.RunSetupAsync()).Output);
    }

    [Fact]
    public async Task No_service_of_a_new_package_starts_and_no_trace_of_the_means_is_left()
    {
        machine.Remove("nginx");
        machine.Remove("redis-server");
        machine.Remove("postgresql");

        await machine.RunSetupAsync();

        string[] refused = ["policy nginx 101", "policy redis-server 101", "policy postgresql.service 101", "policy postgresql@15-main 101"];
        Assert.Equal([.. refused, "policy prometheus 0", "policy cron 0"], machine.Calls.Where(call => call.StartsWith("policy ", StringComparison.Ordinal)));
        Assert.Contains("postgresql: create_main_cluster = false", machine.Calls);
        string[] disabled = ["update-rc.d nginx disable", "update-rc.d redis-server disable", "update-rc.d postgresql disable"];
        Assert.Equal(disabled, machine.Calls.Where(call => call.StartsWith("update-rc.d", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFileSystemEntries(machine.InRoot("usr/sbin")));
        Assert.False(Directory.Exists(machine.InRoot("etc/postgresql-common")));
        Assert.Empty(Directory.GetFileSystemEntries(machine.Temporary));
    }

    [Fact]
    public async Task A_service_that_was_there_stays_as_it_is()
    {
        machine.Remove("postgresql");
        machine.StubPostgres(11);
        machine.Stub("dpkg-query", "case \"$*\" in *postgresql-common) printf installed ;; *) exit 1 ;; esac");

        var run = await machine.RunSetupAsync();

        Assert.Contains("only 11 is here, which stays", run.Output);
        Assert.Contains("policy nginx 0", machine.Calls);
        Assert.DoesNotContain(machine.Calls, call => call.StartsWith("update-rc.d", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_existing_policy_decides_about_other_services_and_is_restored()
    {
        machine.Remove("nginx");
        FakeMachine.WriteScript(machine.Policy, "exit 104");

        await machine.RunSetupAsync();

        Assert.Contains("policy nginx 101", machine.Calls);
        Assert.Contains("policy cron 104", machine.Calls);
        Assert.Equal("#!/bin/sh\nexit 104\n", await File.ReadAllTextAsync(machine.Policy, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFileSystemEntries(machine.InRoot("usr/sbin")));
    }

    [Fact]
    public async Task A_failed_installation_names_step_and_fix_and_leaves_no_policy()
    {
        machine.Remove("nginx");
        machine.Stub("apt-get", "echo 'E: Unable to locate package'; exit 100");

        var run = await machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("    | E: Unable to locate package", run.Error);
        Assert.Contains("step \"packages\" failed: apt-get could not install nginx", run.Error);
        Assert.Contains("Fix: ", run.Error);
        Assert.False(File.Exists(machine.Policy));
    }

    [Fact]
    public async Task An_interruption_leaves_no_policy()
    {
        machine.Remove("postgresql");
        machine.Stub("apt-get", "kill -INT $PPID");

        var run = await machine.RunSetupAsync();

        Assert.Equal(130, run.ExitCode);
        Assert.Contains("interrupted. Run it again to go on.", run.Error);
        Assert.Empty(Directory.GetFileSystemEntries(machine.Temporary));
        Assert.False(File.Exists(machine.Policy));
        Assert.False(Directory.Exists(machine.InRoot("etc/postgresql-common")));
    }

    [Fact]
    public async Task What_a_killed_run_left_behind_is_cleaned_up()
    {
        machine.Remove("nginx");
        machine.Stub("apt-get", "kill -KILL $PPID");
        FakeMachine.WriteScript(machine.Policy, "exit 104");
        await machine.RunSetupAsync();
        Assert.Contains("NeuroCred", await File.ReadAllTextAsync(machine.Policy, TestContext.Current.CancellationToken));

        machine.Stub("nginx", "echo 1.22.1");
        await machine.RunSetupAsync();

        Assert.Equal("#!/bin/sh\nexit 104\n", await File.ReadAllTextAsync(machine.Policy, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFileSystemEntries(machine.InRoot("usr/sbin")));
    }

    [Fact]
    public async Task Packages_that_an_interruption_left_unconfigured_count_as_missing()
    {
        machine.Stub("dpkg-query", "echo 'unpacked redis-server'");

        await machine.RunSetupAsync();

        Assert.EndsWith(" redis-server", Assert.Single(machine.Calls, call => call.Contains(" install ")));
    }

    [Fact]
    public async Task A_system_that_offers_too_old_a_PostgreSQL_is_told_where_to_get_a_newer_one()
    {
        machine.Remove("postgresql");
        machine.Stub("apt-cache", "echo '  Candidate: 12+214'");

        var run = await machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("offers PostgreSQL 12, and NeuroCred needs 13 or newer", run.Error);
        Assert.DoesNotContain(machine.Calls, call => call.Contains(" install "));
    }

    [Fact]
    public async Task Without_the_SDK_and_npm_both_are_named_at_once_and_nothing_is_changed()
    {
        machine.Remove("dotnet");
        machine.Remove("npm");
        machine.Remove("nginx");
        machine.Remove("aspire");

        var run = await machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Install the .NET 10.0 SDK", run.Error);
        Assert.Contains("Install Node's npm", run.Error);
        Assert.Empty(machine.Calls);
    }

    [Fact]
    public async Task The_bundle_comes_from_npm_into_the_home_folder()
    {
        machine.Remove("aspire");

        var run = await machine.RunSetupAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("@microsoft/aspire-cli-linux-(x64|arm64)@13.5.4$", machine.Calls[0]);
        Assert.Equal("aspire setup, telemetry opt-out 1", machine.Calls[1]);
        Assert.True(File.Exists(machine.InHome(".aspire/bundle/dcp/dcp")));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(machine.InHome(".aspire")), entry => entry.Contains("neurocred-setup"));
        Assert.Contains("Nothing is missing.", (await machine.RunSetupAsync()).Output);
    }

    [Fact]
    public async Task The_first_use_of_the_CLI_stays_the_users_own()
    {
        machine.Remove("aspire");

        await machine.RunSetupAsync();

        Assert.False(File.Exists(machine.InHome(".aspire/cli/cli.firstUseSentinel")));
    }

    [Fact]
    public async Task A_usable_bundle_is_used_whatever_the_CLI()
    {
        machine.Remove("npm");
        FakeMachine.WriteScript(machine.InHome(".aspire/bin/aspire"), "exit 1");
        FakeMachine.WriteFile(machine.InHome(".aspire/.aspire-bundle-version"), "13.6.0+abc|1|2");

        var run = await machine.RunSetupAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Aspire bundle 13.6.0", run.Output);
    }

    [Fact]
    public async Task A_bundle_beside_another_CLI_on_PATH_is_used()
    {
        machine.Remove("aspire");
        machine.Remove("npm");
        FakeMachine.WriteScript(machine.InRoot("opt/aspire/bin/aspire"), "exit 1");
        machine.InstallAspire(machine.InRoot("opt/aspire"));
        machine.Link("aspire", machine.InRoot("opt/aspire/bin/aspire"));

        var run = await machine.RunSetupAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.False(Directory.Exists(machine.InHome(".aspire")));
    }

    [Theory]
    [InlineData("dcp/dcp", "")]
    [InlineData("managed/aspire-managed", "exit 1")]
    public async Task A_damaged_bundle_is_unpacked_again(string program, string damaged)
    {
        machine.Remove("aspire");
        await machine.RunSetupAsync();
        FakeMachine.WriteScript(machine.InHome($".aspire/bundle/{program}"), damaged);

        var run = await machine.RunSetupAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("what is unpacked there is damaged", run.Output);
        Assert.Single(machine.Calls, call => call.StartsWith("npm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_version_of_the_CLI_is_never_overwritten()
    {
        machine.Remove("aspire");
        var cli = machine.InHome(".aspire/bin/aspire");
        FakeMachine.WriteScript(cli, "[ $1 != --version ] || echo 13.1.0+abc");
        var before = await File.ReadAllTextAsync(cli, TestContext.Current.CancellationToken);

        var run = await machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the Aspire CLI 13.1.0 in ~/.aspire/bin has no bundle that NeuroCred can use", run.Error);
        Assert.Contains("aspire update --self", run.Error);
        Assert.Equal(before, await File.ReadAllTextAsync(cli, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(machine.Calls, call => call.StartsWith("npm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_npm_fails_its_message_the_step_and_the_fix_are_shown()
    {
        machine.Remove("aspire");
        machine.Stub("npm", "[ $1 = --version ] || { echo npm error code E404; exit 1; }");

        var run = await machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("    | npm error code E404", run.Error);
        Assert.Matches("step \"Aspire bundle\" failed: npm could not download @microsoft/aspire-cli-linux-(x64|arm64)@13.5.4", run.Error);
        Assert.Equal([machine.InHome(".aspire/bin")], Directory.GetFileSystemEntries(machine.InHome(".aspire")));
    }

    [Fact]
    public async Task An_ordinary_user_installs_packages_through_sudo_and_nothing_else()
    {
        machine.RunAs("alice", 1000);
        machine.Remove("nginx");
        machine.Remove("aspire");

        var run = await machine.RunSetupAsync();

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["sudo -n true", "sudo bash -c set -euo pipefail"], machine.Calls.Where(call => call.StartsWith("sudo", StringComparison.Ordinal)));
        Assert.Contains("update-rc.d nginx disable", machine.Calls);
    }

    [Theory]
    [InlineData("", "there is no sudo")]
    [InlineData("exit 1", "sudo does not let you")]
    public async Task Without_sudo_it_says_what_root_has_to_run(string sudo, string reason)
    {
        machine.RunAs("alice", 1000);
        machine.Remove("redis-server");
        machine.Stub("sudo", sudo);
        if (sudo.Length == 0)
        {
            machine.Remove("sudo");
        }

        var run = await machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(reason, run.Error);
        Assert.Contains("apt-get install -y --no-install-recommends 'redis-server'", run.Error);
        Assert.Contains("service redis-server stop; update-rc.d redis-server disable", run.Error);
    }

    [Fact]
    public async Task Under_sudo_the_bundle_goes_into_the_callers_home()
    {
        machine.Remove("aspire");
        Directory.CreateDirectory(machine.InHomeOf("alice", ""));

        var run = await machine.RunSetupAsync(environment: new() { ["SUDO_USER"] = "alice", ["SUDO_COMMAND"] = "./setup.sh" });

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("runuser alice", machine.Calls);
        Assert.True(File.Exists(machine.InHomeOf("alice", ".aspire/bundle/dcp/dcp")));
        Assert.False(Directory.Exists(machine.InHome(".aspire")));
    }

    [Fact]
    public async Task A_root_shell_opened_with_sudo_prepares_roots_own_home()
    {
        machine.Remove("aspire");

        await machine.RunSetupAsync(environment: new() { ["SUDO_USER"] = "alice", ["SUDO_COMMAND"] = "/bin/bash" });

        Assert.True(File.Exists(machine.InHome(".aspire/bundle/dcp/dcp")));
    }

    [Fact]
    public async Task A_system_without_apt_is_told_what_to_install()
    {
        machine.Remove("apt-get");
        machine.Remove("nginx");

        var run = await machine.RunSetupAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("there is no apt-get", run.Error);
        Assert.Contains("\n       nginx\n", run.Error);
    }

    [Fact]
    public async Task Tools_that_only_tests_need_are_looked_for_with_tests_only()
    {
        var run = await machine.RunSetupAsync("--tests");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("curl", run.Output);
        var install = Assert.Single(machine.Calls, call => call.Contains(" install "));
        Assert.Contains("procps", install);
        Assert.Contains("chromium", install);
        Assert.Contains("Nothing is missing.", (await machine.RunSetupAsync("--tests")).Output);
    }

    [Fact]
    public async Task Prometheus_comes_with_tests_and_its_service_is_neither_started_nor_left_enabled()
    {
        await machine.RunSetupAsync("--tests");

        Assert.Contains("prometheus", Assert.Single(machine.Calls, call => call.Contains(" install ")));
        Assert.Contains("policy prometheus 101", machine.Calls);
        Assert.Contains("update-rc.d prometheus disable", machine.Calls);
        Assert.False(File.Exists(machine.Policy));
    }

    [Fact]
    public async Task Where_there_is_no_package_of_the_browser_the_rest_is_installed_all_the_same()
    {
        FakeMachine.WriteFile(machine.InRoot("etc/os-release"), "NAME=\"Ubuntu\"\nID=ubuntu\n");

        var run = await machine.RunSetupAsync("--tests");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("those tests are skipped", run.Output);
        Assert.DoesNotContain("chromium", Assert.Single(machine.Calls, call => call.Contains(" install ")));
    }

    [Fact]
    public async Task What_only_benchmarks_need_is_installed_for_them_and_no_service_of_it_is_left_enabled()
    {
        var run = await machine.RunSetupAsync("--benchmarks");

        Assert.Contains("haproxy", run.Output);
        Assert.Contains("wrk", run.Output);
        Assert.DoesNotContain("curl", run.Output);
        var install = Assert.Single(machine.Calls, call => call.Contains(" install "));
        Assert.Contains("haproxy", install);
        Assert.Contains("wrk", install);
        Assert.Contains("update-rc.d haproxy disable", machine.Calls);
    }

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("--no-such-option", 2)]
    [InlineData("tests", 2)]
    public async Task Options_are_help_tests_and_benchmarks(string argument, int exitCode)
    {
        machine.Remove("nginx");

        var run = await machine.RunSetupAsync(argument);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("Usage: ./setup.sh [--tests] [--benchmarks]", run.Output + run.Error);
        Assert.Empty(machine.Calls);
    }
}
