namespace NeuroCred.Monitor.AccessLog;

/// <summary>
/// Reads what was appended to the access log since the last call. It begins at the end of a file that exists at the first call, and at the
/// beginning of one that is created later. The file may be moved, removed or emptied meanwhile.
/// </summary>
/// <param name="path">The log's path.</param>
/// <param name="onLine">Gets each line, without its end; an empty one in place of a line longer than <see cref="LongestLine"/>.</param>
/// <param name="counters">Where lines are counted that are not read.</param>
internal sealed class AccessLogReader(string path, AccessLogReader.LineHandler onLine, LogCounters counters) : IDisposable
{
    /// <summary>In bytes. nginx writes no longer ones: the target is cut, and no header line is longer than 8 KiB.</summary>
    internal const int LongestLine = 64 * 1024;

    /// <summary>
    /// How much of a backlog is read, in bytes: some 90,000 lines. Older lines, as after the monitor was suspended, are counted as lost,
    /// since they would be shown as traffic of now.
    /// </summary>
    internal const long LongestBacklog = 32L << 20;

    /// <summary>The length in bytes from which a file is emptied once it is read to its end, so that it does not fill the disk.</summary>
    internal const long EmptiedLength = 8L << 20;

    private readonly byte[] _buffer = new byte[LongestLine + 1];
    private LogFile? _file;
    private bool _hasLooked;

    // Where the first line begins that is not read yet, and up to where bytes were seen: a line is read when its end is there.
    private long _position;
    private long _seen;
    private bool _isWithinSkippedLine;

    /// <summary>Handles a line.</summary>
    public delegate void LineHandler(ReadOnlySpan<byte> line);

    /// <summary>Why no file is open; null if one is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads to the end of what there is.</summary>
    public void ReadAvailable()
    {
        if (_file is not null)
        {
            ReadToEnd(_file);
        }

        // Until another file is created, nginx goes on writing to the one that was moved away.
        string? problem = null;
        if ((_file is null || _file.IsReplaced) && LogFile.TryOpen(path, out problem) is { } next)
        {
            if (_file is not null)
            {
                ReadToEnd(_file);
                CountIncompleteLine();
                _file.Dispose();
            }

            _file = next;
            StartAt(_hasLooked ? 0 : next.Length);
            ReadToEnd(next);
        }

        Problem = _file is null ? problem : null;
        _hasLooked = true;
    }

    public void Dispose() => _file?.Dispose();

    private void ReadToEnd(LogFile file)
    {
        var length = file.Length;
        if (length < _seen)
        {
            CountIncompleteLine();
            StartAt(0);
        }

        while (file.Read(_buffer, _position) is var count and > 0)
        {
            var end = ReadLines(_buffer.AsSpan(0, count), length - LongestBacklog);
            _seen = _position + count;
            if (end == 0 && count < _buffer.Length)
            {
                break;
            }

            if (end == 0)
            {
                if (!_isWithinSkippedLine)
                {
                    onLine(default);
                }

                _isWithinSkippedLine = true;
                end = count;
            }

            _position += end;
        }

        // nginx appends, so its next write begins the file anew. What it writes between the last read and this call, some microseconds, is
        // lost.
        if (_position >= EmptiedLength && file.TryEmpty(_position))
        {
            StartAt(0);
        }
    }

    // The complete lines; returns where the incomplete one begins.
    private int ReadLines(ReadOnlySpan<byte> bytes, long backlog)
    {
        var begin = 0;
        while (bytes[begin..].IndexOf((byte)'\n') is var length and >= 0)
        {
            if (_isWithinSkippedLine)
            {
                _isWithinSkippedLine = false;
            }
            else if (_position + begin < backlog)
            {
                counters.OnLost(1);
            }
            else
            {
                onLine(bytes.Slice(begin, length));
            }

            begin += length + 1;
        }

        return begin;
    }

    private void StartAt(long position)
    {
        (_position, _seen) = (position, position);
        _isWithinSkippedLine = position > 0 && _file!.Read(_buffer.AsSpan(0, 1), position - 1) == 1 && _buffer[0] != '\n';
    }

    private void CountIncompleteLine() => counters.OnLost(_seen > _position || _isWithinSkippedLine ? 1 : 0);
}
