namespace NeuroCred.ServiceDefaults.Requests;

/// <summary>
/// The ids of the last <see cref="Capacity"/> requests. One that comes again was sent again: by a client that gave its own id, or by a
/// gateway that had no other instance to turn to. (What a gateway sends to another instance after a failure, that one sees for the first
/// time.)
/// </summary>
internal sealed class RecentRequestIds
{
    /// <summary>How many are remembered: some seconds' worth at the highest rates.</summary>
    public const int Capacity = 4096;

    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _known = new(Capacity);
    private readonly ulong[] _inOrder = new ulong[Capacity];
    private int _next;

    /// <summary>Remembers an id.</summary>
    /// <returns>Whether it was there already.</returns>
    public bool IsRepeated(string id)
    {
        var hash = Hash(id);
        lock (_lock)
        {
            if (!_known.Add(hash))
            {
                return true;
            }

            if (_known.Count > Capacity)
            {
                _known.Remove(_inOrder[_next]);
            }

            _inOrder[_next] = hash;
            _next = (_next + 1) % Capacity;
            return false;
        }
    }

    // FNV-1a with 64 bits: numbers in place of thousands of strings that outlive every young collection.
    private static ulong Hash(string id)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in id)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return hash;
    }
}
