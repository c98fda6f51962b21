using Microsoft.Win32.SafeHandles;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>A log file that is open, and may be moved, removed or emptied meanwhile.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly bool _isWritable;
    private readonly string? _link;

    private LogFile(string path, FileAccess access)
    {
        _handle = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        (_isWritable, _link) = (access == FileAccess.ReadWrite, ReadLink());
    }

    /// <summary>Its length in bytes.</summary>
    public long Length => RandomAccess.GetLength(_handle);

    /// <summary>Whether the path that it was opened by is another file now, or none. Known on Linux only.</summary>
    public bool IsReplaced => ReadLink() != _link;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="problem">Why it cannot be opened; null if it was.</param>
    /// <returns>Null if there is none, or none that can be read.</returns>
    public static LogFile? TryOpen(string path, out string? problem)
    {
        problem = null;
        // A file of another user, such as that of a container, may be readable only: it cannot be emptied.
        foreach (var access in (FileAccess[])[FileAccess.ReadWrite, FileAccess.Read])
        {
            try
            {
                var file = new LogFile(path, access);
                problem = null;
                return file;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = e.Message; // the next access may be allowed
            }
        }

        return null;
    }

    /// <summary>Reads from a position.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    public int Read(Span<byte> buffer, long position) => RandomAccess.Read(_handle, buffer, position);

    /// <summary>Empties it, unless it may not be written or is longer than <paramref name="length"/>, what was read of it.</summary>
    public bool TryEmpty(long length)
    {
        if (!_isWritable || Length != length)
        {
            return false;
        }

        RandomAccess.SetLength(_handle, 0);
        return true;
    }

    public void Dispose() => _handle.Dispose();

    // What the kernel calls the open file now: its path, wherever it was moved to, or that with " (deleted)" after it.
    private string? ReadLink()
    {
        try
        {
            return new FileInfo($"/proc/self/fd/{_handle.DangerousGetHandle()}").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
