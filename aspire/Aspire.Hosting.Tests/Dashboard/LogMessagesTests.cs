using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Tests.Dashboard;

public class LogMessagesTests
{
    private const int GrpcLimit = 4 * 1024 * 1024;

    [Fact]
    public void A_long_log_arrives_whole_and_in_order_in_pieces_that_a_client_accepts()
    {
        LogLine[] lines = [.. Enumerable.Range(1, 10_000).Select(n => new LogLine(n, new string('ä', 1_000), n % 2 == 0))];

        var messages = LogMessages.Create(lines).ToList();

        Assert.All(messages, m => Assert.True(m.CalculateSize() < GrpcLimit));
        Assert.Equal(
            lines.Select(l => (l.LineNumber, l.Content, l.IsErrorMessage)),
            messages.SelectMany(m => m.LogLines).Select(l => (l.LineNumber, l.Text, l.IsStdErr)));
    }

    [Fact]
    public void A_line_without_end_is_cut_instead_of_breaking_the_stream()
    {
        var message = Assert.Single(LogMessages.Create([new(1, new string('€', 10_000_000), false)]));

        Assert.True(message.CalculateSize() < GrpcLimit);
        Assert.EndsWith("€...", Assert.Single(message.LogLines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_lines_are_lines()
    {
        var message = Assert.Single(LogMessages.Create([new(1, "", false), new(2, "", false)]));

        Assert.Equal(2, message.LogLines.Count);
        Assert.Empty(LogMessages.Create([]));
    }
}
