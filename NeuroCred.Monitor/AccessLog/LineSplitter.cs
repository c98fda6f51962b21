using System.Buffers;

namespace NeuroCred.Monitor.AccessLog;

/// <summary>Cuts what is read into lines. What has no end yet is kept until the rest comes; a line longer than <see cref="LongestLine"/> is given up.</summary>
internal sealed class LineSplitter
{
    /// <summary>In bytes. nginx writes no longer ones: the target is cut, and no header line is longer than 8 KiB.</summary>
    public const int LongestLine = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _torn = new();
    private bool _isSkipping;

    /// <summary>What happens to a line.</summary>
    public delegate void LineHandler(ReadOnlySpan<byte> line);

    /// <summary>Whether a line has begun that has no end yet.</summary>
    public bool IsWithinLine => _torn.WrittenCount > 0 || _isSkipping;

    /// <summary>Forgets what has no end yet.</summary>
    /// <param name="startsWithinLine">Whether what comes next is the rest of a line whose begin is not known: it belongs to nobody.</param>
    public void Restart(bool startsWithinLine)
    {
        _torn.ResetWrittenCount();
        _isSkipping = startsWithinLine;
    }

    /// <summary>Takes what was read.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="line">Gets each line that is complete now, without its end; an empty one where a line was too long.</param>
    public void Push(ReadOnlySpan<byte> bytes, LineHandler line)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            if (_isSkipping)
            {
                _isSkipping = false;
            }
            else if (_torn.WrittenCount == 0)
            {
                line(end <= LongestLine ? bytes[..end] : default);
            }
            else
            {
                _torn.Write(bytes[..end]);
                line(_torn.WrittenCount <= LongestLine ? _torn.WrittenSpan : default);
                _torn.ResetWrittenCount();
            }

            bytes = bytes[(end + 1)..];
        }

        if (_isSkipping || bytes.IsEmpty)
        {
            return;
        }

        _torn.Write(bytes);
        if (_torn.WrittenCount > LongestLine)
        {
            line(default);
            Restart(startsWithinLine: true);
        }
    }
}
