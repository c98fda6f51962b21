using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Processes;

/// <summary>A temporary folder whose files may be executed: the entrypoints of images start the programs in it by name.</summary>
internal static class ExecutableFolder
{
    /// <summary>Makes a folder below the temporary folder, or, when its file system is mounted noexec, below <c>/tmp</c> or
    /// <c>/var/tmp</c>.</summary>
    /// <param name="prefix">The beginning of its name.</param>
    /// <returns>Its absolute path.</returns>
    /// <exception cref="DistributedApplicationException">None of them lets files be executed.</exception>
    internal static string Create(string prefix) => Create(prefix, [Path.GetTempPath(), "/tmp", "/var/tmp"]);

    internal static string Create(string prefix, IReadOnlyList<string> parents)
    {
        foreach (var parent in parents.Where(Directory.Exists))
        {
            var folder = Path.Combine(parent, prefix + Guid.NewGuid().ToString("N"));
            try
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (CanExecuteIn(folder))
            {
                return folder;
            }

            Directory.Delete(folder, recursive: true);
        }

        throw new DistributedApplicationException(
            $"Containers cannot run as processes: no file may be executed, or none written, below {string.Join(", ", parents.Distinct())}. "
                + "Set TMPDIR to a folder on a file system that is not mounted noexec."
        );
    }

    // Only the kernel knows: mount options are not all there is to it.
    private static bool CanExecuteIn(string folder)
    {
        var script = Path.Combine(folder, "try");
        try
        {
            File.WriteAllText(script, "#!/bin/sh\n");
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var process = Process.Start(new ProcessStartInfo(script) { UseShellExecute = false });
            process!.WaitForExit();
            File.Delete(script);
            return process.ExitCode == 0;
        }
        catch (Exception e) when (e is IOException or Win32Exception)
        {
            return false;
        }
    }
}
