namespace NeuroCred.Monitor.AccessLog;

/// <summary>
/// Reads what was appended to the access log since it was last asked. It begins at the end of a file that is there at its start, and at the
/// begin of one that comes later, in place of another or for the first time.
/// </summary>
/// <param name="path">The log's path.</param>
/// <param name="line">Gets each line.</param>
/// <param name="counters">Where lines are counted that are not read.</param>
internal sealed class AccessLogReader(string path, LineSplitter.LineHandler line, LogCounters counters) : IDisposable
{
    /// <summary>
    /// What is left of a backlog in bytes, such as after the monitor was suspended: some 90,000 lines. Older ones would tell of a moment that is
    /// long gone as if it were now.
    /// </summary>
    internal const long LongestBacklog = 32L << 20;

    // Each call costs nginx a moment, since it locks the file: rarely, but before the kernel writes to the disk what is to be thrown away.
    private const long GiveBackEvery = 8L << 20;

    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly LineSplitter _lines = new();
    private LogFile? _file;
    private bool _hasLooked;
    private long _position;
    private long _givenBack;

    /// <summary>Reads to the end of what there is.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool ReadAvailable()
    {
        var hadAny = _file is not null && ReadToEnd(_file);
        if (_file is null || _file.IsReplaced)
        {
            hadAny |= OpenAnew();
        }

        return hadAny;
    }

    public void Dispose() => _file?.Dispose();

    private bool OpenAnew()
    {
        var next = LogFile.TryOpen(path);
        var isFirstLook = !_hasLooked;
        _hasLooked = true;
        if (next is null)
        {
            // Until another comes, nginx goes on writing to the one that was moved away.
            return false;
        }

        if (_file is not null)
        {
            ReadToEnd(_file);
            LoseTornLine();
            _file.Dispose();
        }

        _file = next;
        StartAt(isFirstLook ? next.Length : 0);
        return !isFirstLook && ReadToEnd(next);
    }

    private bool ReadToEnd(LogFile file)
    {
        var length = file.Length;
        if (length < _position)
        {
            LoseTornLine();
            StartAt(0);
        }

        SkipBacklog(file, length);
        var from = _position;
        while (file.Read(_buffer, _position) is var count and > 0)
        {
            _position += count;
            _lines.Push(_buffer.AsSpan(0, count), line);
        }

        if (_position - _givenBack > GiveBackEvery)
        {
            file.GiveBack(_position);
            _givenBack = _position;
        }

        return _position > from;
    }

    private void SkipBacklog(LogFile file, long length)
    {
        var skipped = 0L;
        while (length - _position > LongestBacklog && file.Read(_buffer, _position) is var count and > 0)
        {
            _position += count;
            skipped += _buffer.AsSpan(0, count).Count((byte)'\n');
            _lines.Restart(startsWithinLine: _buffer[count - 1] != '\n');
        }

        if (skipped > 0)
        {
            // The line that is cut where the skipping ends is lost as well.
            counters.OnLost(skipped + (_lines.IsWithinLine ? 1 : 0));
        }
    }

    private void StartAt(long position)
    {
        _position = position;
        _givenBack = 0;
        Span<byte> before = stackalloc byte[1];
        _lines.Restart(startsWithinLine: position > 0 && _file!.Read(before, position - 1) == 1 && before[0] != '\n');
    }

    private void LoseTornLine()
    {
        if (_lines.IsWithinLine)
        {
            counters.OnLost(1);
        }
    }
}
