using System.Diagnostics;

namespace Aspire.Hosting.Processes.Tests;

/// <summary>Where the processes' programs can be executed.</summary>
public sealed class ExecutableFolderTests
{
    [Fact]
    public void A_noexec_file_system_is_left_and_a_message_names_it_when_there_is_no_other()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a file system.");
        var noexec = Directory.CreateTempSubdirectory("noexec-").FullName;
        var other = Directory.CreateTempSubdirectory("exec-").FullName;
        Run("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", noexec);
        try
        {
            Assert.StartsWith(other + "/run-", ExecutableFolder.Create("run-", [noexec, other]), StringComparison.Ordinal);
            Assert.Contains(
                noexec,
                Assert.Throws<DistributedApplicationException>(() => ExecutableFolder.Create("run-", [noexec])).Message,
                StringComparison.Ordinal
            );
            Assert.Empty(Directory.EnumerateFileSystemEntries(noexec));
        }
        finally
        {
            Run("umount", noexec);
            Directory.Delete(noexec);
            Directory.Delete(other, recursive: true);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
