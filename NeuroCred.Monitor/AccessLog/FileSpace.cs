using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>
/// Gives back to the file system what was read of a file, without changing its length: whoever appends notices nothing, and nothing is lost that was
/// written meanwhile, as it would be if the file were emptied. Linux only, on file systems that can (ext4, xfs, btrfs, tmpfs).
/// </summary>
/// <remarks>https://man7.org/linux/man-pages/man2/fallocate.2.html, "Deallocating file space".</remarks>
internal static class FileSpace
{
    private const int KeepSize = 1;
    private const int PunchHole = 2;
    private const long Block = 4096;

    /// <summary>Gives back whole blocks before a position, but for the last byte before it.</summary>
    /// <param name="file">The file, open for writing.</param>
    /// <param name="from">Where the part begins that was not given back yet.</param>
    /// <param name="position">Where the part ends that is needed no more.</param>
    /// <returns>Where the part begins now.</returns>
    public static long GiveBack(SafeFileHandle file, long from, long position)
    {
        var end = Math.Max(position - 1, 0) / Block * Block;
        return end > from && OperatingSystem.IsLinux() && Environment.Is64BitProcess && Fallocate(file, PunchHole | KeepSize, from, end - from) == 0 ? end : from;
    }

    [DllImport("libc", EntryPoint = "fallocate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fallocate(SafeFileHandle file, int mode, long offset, long length);
}
