using System.Text;

namespace NeuroCred.Tests.Snapshots;

/// <summary>What makes one text of another, line by line: with the other text it says all of the first.</summary>
internal static class LineDiff
{
    /// <summary>The lines that go (<c>-</c>) and those that come (<c>+</c>), each block below the number of its line before.</summary>
    public static string Of(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        // How many lines the two have in common from a pair of lines on.
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var diff = new StringBuilder();
        var (at, to, same) = (0, 0, true);
        while (at < old.Length || to < now.Length)
        {
            if (at < old.Length && to < now.Length && old[at] == now[to])
            {
                (at, to, same) = (at + 1, to + 1, true);
                continue;
            }

            if (same)
            {
                diff.Append($"@@ line {at + 1} @@\n");
                same = false;
            }

            var goes = to == now.Length || (at < old.Length && common[at + 1, to] >= common[at, to + 1]);
            diff.Append(goes ? $"-{old[at++]}\n" : $"+{now[to++]}\n");
        }

        return diff.ToString();
    }
}
