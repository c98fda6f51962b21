using NeuroCred.Monitor.AccessLog;
using NeuroCred.Monitor.Traffic;

namespace NeuroCred.Tests.Monitor.Traffic;

public sealed class TrafficRecorderTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly TrafficRecorder _traffic;

    public TrafficRecorderTests() => _traffic = new(TestOptions.Create(), _time);

    [Fact]
    public void A_window_has_the_seconds_that_are_complete()
    {
        Record(Ok(0));
        Assert.Equal(0, _traffic.Read(s_second).Gateway.Requests);

        _time.Advance(s_second);
        Record(Ok(0));
        Record(Ok(1));
        Assert.Equal(1, _traffic.Read(s_second).Gateway.Requests);

        _time.Advance(s_second);
        Assert.Equal(2, _traffic.Read(s_second).Gateway.Requests);
        Assert.Equal(3, _traffic.Read(2 * s_second).Gateway.Requests);
        Assert.Equal([2, 1, 0], _traffic.Read(2 * s_second).Replicas.Select(r => r.Answers));
    }

    [Fact]
    public void What_is_older_than_the_window_counts_no_more()
    {
        Record(Ok(0));
        _time.Advance(11 * s_second);

        Assert.Equal(0, _traffic.Read(10 * s_second).Gateway.Requests);
        Assert.Equal(1, _traffic.Read(11 * s_second).Gateway.Requests);

        _time.Advance(120 * s_second);
        Assert.Equal(0, _traffic.Read(120 * s_second).Gateway.Requests);
    }

    [Fact]
    public void A_failover_counts_for_the_replica_that_failed_and_the_answer_for_the_other()
    {
        Record(
            new UpstreamAttempt(0, AttemptOutcome.Refused, -1, -1, 0),
            new UpstreamAttempt(1, AttemptOutcome.ServerError, 0, 2, 2),
            Ok(2)
        );
        _time.Advance(s_second);

        var window = _traffic.Read(s_second);
        Assert.Equal(1, window.Gateway.FailedOver);
        Assert.Equal([0, 0, 1], window.Replicas.Select(r => r.Answers));
        Assert.Equal([1, 1, 1], window.Replicas.Select(r => r.Attempts));
        Assert.Equal([1, 1, 0], window.Replicas.Select(r => r.Failovers));
        Assert.Equal(new(1, 0, 0, 0), window.Replicas[0].Failures);
        Assert.Equal(new(0, 0, 0, 1), window.Replicas[1].Failures);
        Assert.Null(window.Replicas[0].Response);
        Assert.Equal(2, window.Replicas[1].Response!.P50);
    }

    [Fact]
    public void Streams_last_as_long_as_they_like_and_are_in_no_latency()
    {
        Record(
            entry => entry with { IsStream = true, Milliseconds = 3_600_000 },
            new UpstreamAttempt(0, AttemptOutcome.Ok, 0, 1, 3_600_000)
        );
        Record(Ok(0));
        _time.Advance(s_second);

        var window = _traffic.Read(s_second);
        Assert.Equal(2, window.Replicas[0].Answers);
        Assert.Equal((1, 10), (window.Gateway.Request!.Count, window.Gateway.Request.Max));
        Assert.Equal(1, window.Replicas[0].Response!.Count);
    }

    [Fact]
    public void Requests_that_were_held_are_counted_and_so_are_those_that_failed_all_the_same()
    {
        Record(Ok(0));
        _time.Advance(s_second);
        Assert.Null(_traffic.Read(s_second).Gateway.Held);

        Record(entry => entry with { Held = 20 }, Ok(0));
        Record(entry => entry with { Held = 30, Status = 503 });
        _time.Advance(s_second);

        var gateway = _traffic.Read(2 * s_second).Gateway;
        Assert.Equal((2, 30, 1), (gateway.Held!.Count, gateway.Held.Max, gateway.HeldFailed));
        _time.Advance(s_second);
        Assert.Null(_traffic.Read(s_second).Gateway.Held);
    }

    [Fact]
    public void Reads_and_writes_are_told_apart()
    {
        Record(entry => entry with { Milliseconds = 12 }, Ok(0));
        Record(entry => entry with { Method = "POST", Milliseconds = 100 }, Ok(0));
        _time.Advance(s_second);

        var gateway = _traffic.Read(s_second).Gateway;
        Assert.Equal(["GET", "POST"], gateway.ByMethod.Keys.Order());
        Assert.Equal((12, 100), (gateway.ByMethod["GET"].Max, gateway.ByMethod["POST"].Max));
    }

    [Fact]
    public void An_address_of_nobody_counts_for_the_gateway_alone()
    {
        Record(Ok(UpstreamAddresses.Other));
        _time.Advance(s_second);

        Assert.Equal(1, _traffic.Read(s_second).Gateway.Requests);
        Assert.All(_traffic.Read(s_second).Replicas, r => Assert.Equal(0, r.Attempts));
    }

    [Fact]
    public void The_history_has_a_point_for_each_second_also_where_nothing_happened()
    {
        Record(Ok(1));
        _time.Advance(2 * s_second);
        Record(Ok(1), Ok(1));
        _time.Advance(s_second);

        var history = _traffic.ReadHistory(1, _traffic.CompleteSeconds);
        Assert.Equal(TrafficRecorder.Seconds, history.Count);
        Assert.Equal([1, 0, 2], history.TakeLast(3).Select(p => p.Attempts));
        Assert.Equal([8, null, 8], history.TakeLast(3).Select(p => p.P95));
    }

    private static UpstreamAttempt Ok(int replica) => new(replica, AttemptOutcome.Ok, 0, 5, 8);

    private void Record(params UpstreamAttempt[] attempts) => Record(entry => entry, attempts);

    private void Record(Func<AccessLogEntry, AccessLogEntry> change, params UpstreamAttempt[] attempts) =>
        _traffic.Record(change(new("GET", 200, 10, attempts)));
}
