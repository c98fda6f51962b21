using System.Diagnostics;

namespace Aspire.Hosting.Processes.Tests;

/// <summary>Where the processes' programs can be executed.</summary>
public sealed class ExecutableFolderTests
{
    [Theory]
    [InlineData("noexec")]
    [InlineData("nr_inodes=2")] // full: its root has one, the folder the other, and a file none
    public void A_file_system_that_is_noexec_or_full_is_left_and_a_message_names_it_when_there_is_no_other(string option)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a file system.");
        var unusable = Directory.CreateTempSubdirectory("unusable-").FullName;
        var other = Directory.CreateTempSubdirectory("exec-").FullName;
        Run("mount", "-t", "tmpfs", "-o", option, "tmpfs", unusable);
        try
        {
            Assert.StartsWith(other + "/run-", ExecutableFolder.Create("run-", [unusable, other]), StringComparison.Ordinal);
            Assert.Contains(
                unusable,
                Assert.Throws<DistributedApplicationException>(() => ExecutableFolder.Create("run-", [unusable])).Message,
                StringComparison.Ordinal
            );
            Assert.Empty(Directory.EnumerateFileSystemEntries(unusable));
        }
        finally
        {
            Run("umount", unusable);
            Directory.Delete(unusable);
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
