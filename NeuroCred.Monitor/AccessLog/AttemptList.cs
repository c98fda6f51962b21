namespace NeuroCred.Monitor.AccessLog;

/// <summary>
/// Walks through one of the log's lists: <c>, </c> between attempts, <c> : </c> where another group was asked after an internal redirect, and
/// nothing behind the latter where that group was never asked.
/// </summary>
/// <example><code>127.0.0.1:4001, 127.0.0.1:4002 : 127.0.0.1:4003</code></example>
internal ref struct AttemptList(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>Takes the next entry.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryNext(out ReadOnlySpan<byte> entry)
    {
        if (_rest.IsEmpty)
        {
            entry = default;
            return false;
        }

        var end = _rest.IndexOf((byte)' ');
        if (end < 0)
        {
            entry = _rest;
            _rest = default;
            return true;
        }

        // "a, b" or "a : b"
        var comma = end > 0 && _rest[end - 1] == ',';
        entry = comma ? _rest[..(end - 1)] : _rest[..end];
        _rest = comma ? _rest[(end + 1)..] : _rest[Math.Min(end + " : ".Length, _rest.Length)..];
        return true;
    }
}
