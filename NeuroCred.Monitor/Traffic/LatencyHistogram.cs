using System.Numerics;
using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Traffic;

/// <summary>
/// Counts durations in whole milliseconds, which is what nginx logs. Up to 31 ms each has a cell of its own; beyond, each doubling has 16
/// cells, and a quantile is off by 3.2 % at most. Durations beyond 37 hours count as 37 hours.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int CellsPerDoubling = 16;
    private const int CellBits = 4;
    private const int Exact = 2 * CellsPerDoubling;
    private const int Doublings = 22;
    private const int CellCount = Exact + (Doublings * CellsPerDoubling);

    // Made for the first duration: most of the many histograms never get one.
    private int[] _cells = [];
    private long _count;
    private int _max;

    /// <summary>Counts a duration.</summary>
    public void Add(int milliseconds)
    {
        MakeCells();
        _cells[FindCell(milliseconds)]++;
        _count++;
        _max = Math.Max(_max, milliseconds);
    }

    /// <summary>Adds the counts of another one.</summary>
    public void Add(LatencyHistogram other)
    {
        if (other._count == 0)
        {
            return;
        }

        MakeCells();
        for (var i = 0; i < CellCount; i++)
        {
            _cells[i] += other._cells[i];
        }

        _count += other._count;
        _max = Math.Max(_max, other._max);
    }

    /// <summary>The quantiles; null if nothing was counted.</summary>
    public Latency? Read() => _count == 0 ? null : new(_count, FindQuantile(0.5), FindQuantile(0.95), FindQuantile(0.99), _max);

    /// <summary>The duration in milliseconds that this part of all did not exceed; null if nothing was counted.</summary>
    public double? ReadQuantile(double quantile) => _count == 0 ? null : FindQuantile(quantile);

    private void MakeCells()
    {
        if (_cells.Length == 0)
        {
            _cells = new int[CellCount];
        }
    }

    private double FindQuantile(double quantile)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * _count));
        var cell = -1;
        for (var seen = 0L; seen < rank; seen += _cells[cell])
        {
            cell++;
        }

        // The cell's middle may lie beyond the longest that is in it.
        return Math.Min(FindMiddle(cell), _max);
    }

    // 32 to 63 have cells of 2 ms, 64 to 127 of 4 ms, and so on.
    private static int FindCell(int milliseconds)
    {
        if (milliseconds < Exact)
        {
            return Math.Max(milliseconds, 0);
        }

        var shift = BitOperations.Log2((uint)milliseconds) - CellBits;
        return Math.Min((shift * CellsPerDoubling) + (milliseconds >> shift), CellCount - 1);
    }

    private static double FindMiddle(int cell)
    {
        if (cell < Exact)
        {
            return cell;
        }

        var shift = (cell / CellsPerDoubling) - 1;
        var least = (long)((cell % CellsPerDoubling) + CellsPerDoubling) << shift;
        return least + (((1L << shift) - 1) / 2.0);
    }
}
