using Microsoft.Win32.SafeHandles;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>A log file that is open, and may be moved away, removed or emptied meanwhile.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string? _link;
    private readonly bool _isWritable;
    private long _givenBack;

    private LogFile(SafeFileHandle handle, bool isWritable)
    {
        (_handle, _isWritable) = (handle, isWritable);
        _link = ReadLink();
    }

    /// <summary>Its length in bytes.</summary>
    public long Length => RandomAccess.GetLength(_handle);

    /// <summary>Whether the name it was opened by is another file's now, or nobody's. Known on Linux alone.</summary>
    public bool IsReplaced => ReadLink() != _link;

    /// <summary>Opens a file.</summary>
    /// <returns>Null when there is none, or none that can be read.</returns>
    public static LogFile? TryOpen(string path)
    {
        try
        {
            return new(Open(path, FileAccess.ReadWrite), isWritable: true);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's, such as that of a container: its space cannot be given back.
        }
        catch (IOException)
        {
            return null;
        }

        try
        {
            return new(Open(path, FileAccess.Read), isWritable: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads from a position.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    public int Read(Span<byte> buffer, long position) => RandomAccess.Read(_handle, buffer, position);

    /// <summary>Gives back the space of what lies before a position, where that can be done.</summary>
    public void GiveBack(long position)
    {
        if (_isWritable)
        {
            _givenBack = FileSpace.GiveBack(_handle, Math.Min(_givenBack, position), position);
        }
    }

    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle Open(string path, FileAccess access)
        => File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);

    // What the kernel calls the open file now: its path, wherever it was moved to, or that with " (deleted)" behind it.
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
