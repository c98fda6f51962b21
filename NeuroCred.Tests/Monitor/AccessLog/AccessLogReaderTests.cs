using System.Text;
using NeuroCred.Monitor.AccessLog;

namespace NeuroCred.Tests.Monitor.AccessLog;

/// <summary>The log is followed whatever happens to its file, and what is not read is counted.</summary>
public sealed class AccessLogReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];
    private readonly LogCounters _counters = new();
    private readonly AccessLogReader _reader;

    public AccessLogReaderTests() => _reader = new(Path, line => _lines.Add(Encoding.UTF8.GetString(line)), _counters);

    private string Path => $"{_folder.Path}/access.log";

    public void Dispose()
    {
        _reader.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_begins_at_the_end_of_what_is_there()
    {
        Append("old\n");
        Read();
        Append("new\n");
        Read();

        Assert.Equal(["new"], _lines);
    }

    [Fact]
    public void Of_a_line_whose_begin_it_has_not_seen_it_makes_nothing()
    {
        Append("old\nhalf of");
        Read();
        Append(" an old one\nnew\n");
        Read();

        Assert.Equal(["new"], _lines);
    }

    [Fact]
    public void A_file_that_comes_later_is_read_from_its_begin()
    {
        Read();
        Append("first\n");
        Read();

        Assert.Equal(["first"], _lines);
    }

    [Fact]
    public void A_line_that_comes_in_pieces_is_one_line()
    {
        Read();
        foreach (var piece in (string[])["a", "bc", "d\ne", "f\n\n"])
        {
            Append(piece);
            Read();
        }

        Assert.Equal(["abcd", "ef", ""], _lines);
    }

    [Fact]
    public void A_line_without_end_is_given_up_and_the_next_one_read()
    {
        Read();
        Append(new string('x', AccessLogReader.LongestLine + 1));
        Read();
        Append(new string('x', 500_000) + "\nnext\n");
        Append(new string('y', AccessLogReader.LongestLine + 1) + '\n' + new string('z', AccessLogReader.LongestLine) + '\n');
        Read();

        Assert.Equal(["", "next", "", new string('z', AccessLogReader.LongestLine)], _lines);
    }

    [Fact]
    public void A_file_that_was_moved_away_is_read_to_its_end_and_then_the_new_one()
    {
        Read();
        Append("one\n");
        Read();
        File.Move(Path, Path + ".1");
        File.AppendAllText(Path + ".1", "two\n");
        Read();
        File.AppendAllText(Path + ".1", "three\n");
        Append("four\n");
        Read();
        Append("five\n");
        Read();

        Assert.Equal(["one", "two", "three", "four", "five"], _lines);
        Assert.Equal(0, _counters.Read().Lost);
    }

    [Fact]
    public void A_file_that_was_removed_is_read_to_its_end_and_then_the_new_one()
    {
        Read();
        Append("one\ntorn");
        Read();
        File.Delete(Path);
        Read();
        Append("two\n");
        Read();

        Assert.Equal(["one", "two"], _lines);
        Assert.Equal(1, _counters.Read().Lost);
    }

    [Fact]
    public void A_file_that_was_emptied_is_read_from_its_begin_and_the_torn_line_is_lost()
    {
        Read();
        Append("one\ntorn");
        Read();
        File.WriteAllText(Path, "two\n");
        Read();

        Assert.Equal(["one", "two"], _lines);
        Assert.Equal(1, _counters.Read().Lost);
    }

    [Fact]
    public void Of_a_long_backlog_the_oldest_lines_are_counted_and_not_read()
    {
        Read();
        var line = new string('x', 99) + '\n';
        var count = (int)(AccessLogReader.LongestBacklog / 100 * 2);
        using (var writer = new StreamWriter(Path, append: true))
        {
            for (var i = 0; i < count; i++)
            {
                writer.Write(line);
            }
        }

        Read();

        Assert.All(_lines, l => Assert.Equal(99, l.Length));
        Assert.InRange(_lines.Count, 1, (int)(AccessLogReader.LongestBacklog / 100));
        Assert.Equal(count, _lines.Count + _counters.Read().Lost);
    }

    [Fact]
    public void What_was_read_takes_no_space_and_nothing_that_is_appended_later_is_lost()
    {
        Read();

        var longest = 0L;
        foreach (var i in Enumerable.Range(0, 40_000))
        {
            Append($"{i} {new string('x', 990)}\n");
            if (i % 1000 == 0)
            {
                longest = Math.Max(longest, new FileInfo(Path).Length);
                Read();
            }
        }

        Read();

        Assert.Equal(Enumerable.Range(0, 40_000), _lines.Select(l => int.Parse(l.Split(' ')[0])));
        Assert.Equal(0, _counters.Read().Lost);
        Assert.InRange(longest, AccessLogReader.EmptiedLength, 1.2 * AccessLogReader.EmptiedLength);
    }

    private void Append(string text) => File.AppendAllText(Path, text);

    private void Read() => _reader.ReadAvailable();
}
