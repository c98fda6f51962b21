using System.Diagnostics;
using Aspire.Hosting.Processes.StandIns;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>The same as an ordinary user: runs those tests of this assembly that are marked for it again, as user nobody.</summary>
public sealed class OrdinaryUserTests
{
    /// <summary>The trait's name.</summary>
    public const string Also = nameof(Also);

    /// <summary>The trait's value.</summary>
    public const string Name = "OrdinaryUser";

    [Fact]
    public async Task Stand_ins_work_for_an_ordinary_user_too()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "These tests already run as an ordinary user.");
        var nobody = ServiceUser.Find("nobody");
        Assert.SkipWhen(nobody is null, "There is no user nobody.");
        var tests = Path.Combine(AppContext.BaseDirectory, "Aspire.Hosting.Processes.Tests");
        Assert.SkipUnless(IsReachable(nobody, tests), $"{tests} is closed to user nobody.");
        var dotnet = Path.GetDirectoryName(
            Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location)!)!)!
        )!;
        Assert.SkipUnless(IsReachable(nobody, Path.Combine(dotnet, "dotnet")), $"{dotnet} is closed to user nobody.");

        var home = Directory.CreateTempSubdirectory("nobody-");
        try
        {
            File.SetUnixFileMode(home.FullName, (UnixFileMode)0b111_111_111);
            ProcessStartInfo start = new(
                "setpriv",
                ["--reuid", nobody.Name, "--regid", nobody.Group, "--clear-groups", "--", tests, "-trait", $"{Also}={Name}", "-noColor"]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = home.FullName,
                Environment =
                {
                    ["HOME"] = home.FullName,
                    ["TMPDIR"] = home.FullName,
                    ["DOTNET_ROOT"] = dotnet,
                },
            };
            using var run = Process.Start(start)!;
            var errors = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(run.ExitCode == 0, output + await errors);
            Assert.DoesNotContain("Total: 0", output, StringComparison.Ordinal);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static bool IsReachable(ServiceUser user, string path)
    {
        try
        {
            user.RequireAccess(path, "");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
