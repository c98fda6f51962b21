using System.Text;
using NeuroCred.Monitor.AccessLog;

namespace NeuroCred.Tests.Monitor.AccessLog;

/// <summary>Lines as nginx 1.22 wrote them; <see cref="AccessLogOfNginxTests"/> has it write them anew.</summary>
public sealed class AccessLogParserTests
{
    private readonly UpstreamAddresses _addresses = TestOptions.Resolve(TestOptions.Create());

    [Fact]
    public void A_request_that_the_first_replica_answered_is_one_attempt()
    {
        var entry = Parse(Line("127.0.0.1:4002", "200", "0.001", "0.012", "0.015"))!;

        Assert.Equal([new UpstreamAttempt(1, AttemptOutcome.Ok, 1, 12, 15)], entry.Attempts);
        Assert.Equal(("GET", 200, 20), (entry.Method, entry.Status, entry.Milliseconds));
        Assert.False(entry.IsStream);
    }

    [Theory]
    [InlineData("502", "-", "-", AttemptOutcome.Refused)]
    [InlineData("502", "0.000", "-", AttemptOutcome.Reset)]
    [InlineData("504", "0.000", "-", AttemptOutcome.Timeout)]
    [InlineData("504", "-", "-", AttemptOutcome.Timeout)]
    [InlineData("502", "0.000", "0.003", AttemptOutcome.ServerError)]
    [InlineData("503", "0.000", "0.003", AttemptOutcome.ServerError)]
    [InlineData("504", "0.000", "0.003", AttemptOutcome.ServerError)]
    [InlineData("499", "0.000", "0.003", AttemptOutcome.Ok)]
    [InlineData("404", "0.000", "0.003", AttemptOutcome.Ok)]
    [InlineData("-", "0.000", "-", AttemptOutcome.Abandoned)]
    public void What_came_of_an_attempt_is_told_from_status_and_times(string status, string connect, string header, object outcome)
    {
        var entry = Parse(Line("127.0.0.1:4001", status, connect, header, "0.003"))!;

        Assert.Equal((AttemptOutcome)outcome, Assert.Single(entry.Attempts).Outcome);
    }

    [Fact]
    public void A_failover_is_several_attempts_in_turn()
    {
        var entry = Parse(
            Line(
                "127.0.0.1:4001, 127.0.0.1:4002, 127.0.0.1:4003",
                "503, 502, 200",
                "0.000, -, 0.000",
                "0.002, -, 0.004",
                "0.002, 0.000, 0.005"
            )
        )!;

        Assert.Equal(
            [
                new UpstreamAttempt(0, AttemptOutcome.ServerError, 0, 2, 2),
                new UpstreamAttempt(1, AttemptOutcome.Refused, -1, -1, 0),
                new UpstreamAttempt(2, AttemptOutcome.Ok, 0, 4, 5),
            ],
            entry.Attempts
        );
    }

    [Fact]
    public void Another_group_after_an_internal_redirect_goes_on_with_the_same_request()
    {
        var entry = Parse(Line("127.0.0.1:4001 : 127.0.0.1:4002", "502 : 200", "- : 0.000", "- : 0.001", "0.000 : 0.001"))!;

        Assert.Equal([0, 1], entry.Attempts.Select(a => a.Replica));
    }

    [Fact]
    public void A_group_that_was_never_asked_is_no_attempt()
    {
        var entry = Parse(Line("127.0.0.1:4001 : ", "502 : ", "- : ", "- : ", "0.000 : "))!;

        Assert.Equal(0, Assert.Single(entry.Attempts).Replica);
    }

    [Fact]
    public void Where_no_replica_was_left_to_ask_that_is_no_attempt()
    {
        var entry = Parse(Line("127.0.0.1:4001, neurocred_backend", "502, 502", "-, -", "-, -", "0.000, 0.000", status: 503))!;

        Assert.True(entry.HasNoLiveUpstream);
        Assert.Single(entry.Attempts);
    }

    [Theory]
    [InlineData("[::1]:4003", 2)]
    [InlineData("127.0.0.1:4003", 2)]
    [InlineData("172.17.0.1:4003", 2)] // as a gateway in a container sees this machine
    [InlineData("127.0.0.1:4004", UpstreamAddresses.Other)]
    [InlineData("unix:/run/api.sock", UpstreamAddresses.Other)]
    public void An_address_belongs_to_the_replica_whose_host_has_it(string address, int replica)
    {
        var entry = Parse(Line(address, "200", "0.000", "0.001", "0.001"))!;

        Assert.Equal(replica, Assert.Single(entry.Attempts).Replica);
    }

    [Fact]
    public void What_nginx_answers_itself_has_no_attempts() => Assert.Empty(Parse(Line("", "", "", "", "", status: 400))!.Attempts);

    [Theory]
    [InlineData("1", 101, true)]
    [InlineData("1", 200, true)]
    [InlineData("1", 404, false)] // refused at once, as any other request
    [InlineData("", 200, false)]
    public void WebSockets_and_server_sent_events_are_told_apart(string stream, int status, bool isStream)
    {
        var entry = Parse(Line("127.0.0.1:4001", "101", "0.000", "0.001", "1000000.001", stream, status))!;

        Assert.Equal(isStream, entry.IsStream);
        Assert.Equal(1_000_000_001, entry.Attempts[0].Response);
    }

    [Theory]
    [InlineData("", 0)] // as it was before requests were held, and is where none is
    [InlineData("\"held\":0.000,", 0)]
    [InlineData("\"held\":0.012,", 12)]
    public void How_long_a_request_was_held_is_known(string member, int held)
    {
        var line = Line("127.0.0.1:4001 : 127.0.0.1:4002", "502 : 200", "- : 0.000", "- : 0.001", "0.000 : 0.001");

        Assert.Equal(held, Parse(line.Replace("\"attempts\"", $"{member}\"attempts\"", StringComparison.Ordinal))!.Held);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"attempts\":{}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"attempts\":{}} and more")]
    [InlineData("{\"status\":\"200\",\"seconds\":0.001,\"attempts\":{}}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"held\":\"long\",\"attempts\":{}}")]
    public void What_is_no_line_of_the_format_is_not_understood(string line) => Assert.Null(Parse(line));

    [Theory]
    [InlineData("127.0.0.1:4001, 127.0.0.1:4002", "200", "-")]
    [InlineData("127.0.0.1:4001", "200, 200", "-")]
    [InlineData("127.0.0.1:4001", "2x0", "-")]
    [InlineData("127.0.0.1:4001", "99999999999", "-")]
    [InlineData("127.0.0.1:4001", "200", "soon")]
    public void Attempts_of_which_something_is_missing_or_no_number_are_not_understood(string upstream, string status, string connect) =>
        Assert.Null(Parse(Line(upstream, status, connect, "-", "-")));

    [Fact]
    public void Bytes_that_are_no_text_are_not_understood() =>
        Assert.Null(new AccessLogParser(_addresses).Parse([0, 0xff, 0xfe, (byte)'{']));

    internal static string Line(
        string upstream,
        string attempts,
        string connect,
        string header,
        string response,
        string stream = "",
        int status = 200
    ) =>
        $$$"""
            {"time":"2026-11-26T01:41:31+00:00","id":"6eb3eee4aaf98af0e899b89a0e59b948","client":"127.0.0.1","scheme":"http","protocol":"HTTP/1.1","method":"GET","uri":"/api/score/0x5\"2","status":{{{status}}},"bytes":355,"seconds":0.020,"stream":"{{{stream}}}","attempts":{"upstream":"{{{upstream}}}","status":"{{{attempts}}}","connect":"{{{connect}}}","header":"{{{header}}}","response":"{{{response}}}"}}
            """;

    private AccessLogEntry? Parse(string line) => new AccessLogParser(_addresses).Parse(Encoding.UTF8.GetBytes(line));
}
