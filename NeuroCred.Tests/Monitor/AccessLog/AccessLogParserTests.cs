using System.Text;
using NeuroCred.Monitor.AccessLog;

namespace NeuroCred.Tests.Monitor.AccessLog;

/// <summary>Lines as nginx 1.22 wrote them; <see cref="AccessLogOfNginxTests"/> has it write them anew.</summary>
public sealed class AccessLogParserTests
{
    private readonly AccessLogEntry _entry = new();

    [Fact]
    public async Task A_request_that_the_first_replica_answered_is_one_attempt()
    {
        Assert.True(await ParseAsync(Line("127.0.0.1:4002", "200", "0.001", "0.012", "0.015")));

        Assert.Equal([new UpstreamAttempt(1, AttemptOutcome.Ok, 1, 12, 15)], _entry.Attempts);
        Assert.Equal((RequestMethod.Get, 200, 20), (_entry.Method, _entry.Status, _entry.Milliseconds));
        Assert.Equal(5, _entry.MillisecondsInGateway);
        Assert.False(_entry.IsStream);
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
    public async Task What_came_of_an_attempt_is_told_from_status_and_times(string status, string connect, string header, object outcome)
    {
        Assert.True(await ParseAsync(Line("127.0.0.1:4001", status, connect, header, "0.003")));

        Assert.Equal((AttemptOutcome)outcome, Assert.Single(_entry.Attempts).Outcome);
    }

    [Fact]
    public async Task A_failover_is_several_attempts_in_turn()
    {
        Assert.True(await ParseAsync(Line("127.0.0.1:4001, 127.0.0.1:4002, 127.0.0.1:4003", "503, 502, 200", "0.000, -, 0.000", "0.002, -, 0.004", "0.002, 0.000, 0.005")));

        Assert.Equal(
            [
                new UpstreamAttempt(0, AttemptOutcome.ServerError, 0, 2, 2),
                new UpstreamAttempt(1, AttemptOutcome.Refused, -1, -1, 0),
                new UpstreamAttempt(2, AttemptOutcome.Ok, 0, 4, 5),
            ],
            _entry.Attempts);
    }

    [Fact]
    public async Task Another_group_after_an_internal_redirect_goes_on_with_the_same_request()
    {
        Assert.True(await ParseAsync(Line("127.0.0.1:4001 : 127.0.0.1:4002", "502 : 200", "- : 0.000", "- : 0.001", "0.000 : 0.001")));

        Assert.Equal([0, 1], _entry.Attempts.Select(a => a.Replica));
    }

    [Fact]
    public async Task A_group_that_was_never_asked_is_no_attempt()
    {
        Assert.True(await ParseAsync(Line("127.0.0.1:4001 : ", "502 : ", "- : ", "- : ", "0.000 : ")));

        Assert.Equal(0, Assert.Single(_entry.Attempts).Replica);
    }

    [Fact]
    public async Task Where_no_replica_was_left_to_ask_that_is_no_attempt()
    {
        Assert.True(await ParseAsync(Line("127.0.0.1:4001, neurocred_backend", "502, 502", "-, -", "-, -", "0.000, 0.000", status: 503)));

        Assert.True(_entry.HasNoLiveUpstream);
        Assert.Single(_entry.Attempts);
    }

    [Theory]
    [InlineData("[::1]:4003", 2)]
    [InlineData("127.0.0.1:4003", 2)]
    [InlineData("172.17.0.1:4003", 2)] // as a gateway in a container sees this machine
    [InlineData("127.0.0.1:4004", UpstreamAddresses.Other)]
    [InlineData("unix:/run/api.sock", UpstreamAddresses.Other)]
    public async Task An_address_belongs_to_the_replica_whose_host_has_it(string address, int replica)
    {
        Assert.True(await ParseAsync(Line(address, "200", "0.000", "0.001", "0.001")));

        Assert.Equal(replica, Assert.Single(_entry.Attempts).Replica);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    public async Task What_nginx_answers_itself_has_no_attempts(string nothing)
    {
        Assert.True(await ParseAsync(Line(nothing == "-" ? "" : nothing, nothing == "-" ? "" : nothing, "", "", "", status: 400)));

        Assert.Empty(_entry.Attempts);
    }

    [Theory]
    [InlineData("1", 101, true)]
    [InlineData("1", 200, true)]
    [InlineData("1", 404, false)] // refused at once, as any other request
    [InlineData("", 200, false)]
    public async Task WebSockets_and_server_sent_events_are_told_apart(string stream, int status, bool isStream)
    {
        Assert.True(await ParseAsync(Line("127.0.0.1:4001", "101", "0.000", "0.001", "1000000.001", stream, status)));

        Assert.Equal(isStream, _entry.IsStream);
        Assert.Equal(1_000_000_001, _entry.Attempts[0].Response);
    }

    [Theory]
    [InlineData("", 0)] // as it was before requests were held, and is where none is
    [InlineData("\"held\":0.000,", 0)]
    [InlineData("\"held\":0.012,", 12)]
    public async Task For_how_long_a_request_was_held_is_no_time_that_the_gateway_took(string member, int held)
    {
        Assert.True(await ParseAsync(Line("127.0.0.1:4001 : 127.0.0.1:4002", "502 : 200", "- : 0.000", "- : 0.001", "0.000 : 0.001").Replace("\"attempts\"", $"{member}\"attempts\"", StringComparison.Ordinal)));

        Assert.Equal((held, 20 - 1 - held), (_entry.Held, _entry.MillisecondsInGateway));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"attempts\":{}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"attempts\":{}} and more")]
    [InlineData("{\"status\":\"200\",\"seconds\":0.001,\"attempts\":{}}")]
    [InlineData("{\"status\":200,\"seconds\":1e3,\"attempts\":{}}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"held\":\"long\",\"attempts\":{}}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"held\":1,\"attempts\":{}}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"attempts\":{\"upstream\":\"a, b\",\"status\":\"200\",\"connect\":\"-\",\"header\":\"-\",\"response\":\"-\"}}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"attempts\":{\"upstream\":\"a\",\"status\":\"200, 200\",\"connect\":\"-\",\"header\":\"-\",\"response\":\"-\"}}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"attempts\":{\"upstream\":\"a\",\"status\":\"2x0\",\"connect\":\"-\",\"header\":\"-\",\"response\":\"-\"}}")]
    [InlineData("{\"status\":200,\"seconds\":0.001,\"attempts\":{\"upstream\":\"a\",\"status\":\"200\",\"connect\":\"soon\",\"header\":\"-\",\"response\":\"-\"}}")]
    public async Task What_is_no_line_of_the_format_is_not_understood(string line)
        => Assert.False(await ParseAsync(line));

    [Fact]
    public async Task Bytes_that_are_no_text_are_not_understood()
        => Assert.False(new AccessLogParser(await TestOptions.ResolveAsync(TestOptions.Create())).TryParse([0, 0xff, 0xfe, (byte)'{'], _entry));

    internal static string Line(string upstream, string attempts, string connect, string header, string response, string stream = "", int status = 200)
        => $$$"""
        {"time":"2026-11-26T01:41:31+00:00","id":"6eb3eee4aaf98af0e899b89a0e59b948","client":"127.0.0.1","scheme":"http","protocol":"HTTP/1.1","method":"GET","uri":"/api/score/0x5\"2","status":{{{status}}},"bytes":355,"seconds":0.020,"stream":"{{{stream}}}","attempts":{"upstream":"{{{upstream}}}","status":"{{{attempts}}}","connect":"{{{connect}}}","header":"{{{header}}}","response":"{{{response}}}"}}
        """;

    private async Task<bool> ParseAsync(string line)
        => new AccessLogParser(await TestOptions.ResolveAsync(TestOptions.Create())).TryParse(Encoding.UTF8.GetBytes(line), _entry);
}
