using System.Text;
using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Probes;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Tests.Monitor.Probes;

/// <summary>What the answers of the probes make of a replica, and what the timeline tells of it.</summary>
public sealed class ReplicaStatesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 26, 1, 0, 0, TimeSpan.Zero);
    private static readonly ProbeResult s_refused = new(ProbeOutcome.Refused, TimeSpan.Zero, "connection refused");
    private static readonly ProbeResult s_late = new(ProbeOutcome.Timeout, TimeSpan.Zero, "no answer within 500 ms");

    private readonly ReplicaStates _states = new(new());
    private readonly EventTimeline _timeline = new(TimeProvider.System);
    private readonly ReplicaEvents _events;

    public ReplicaStatesTests() => _events = new("api-1", _timeline);

    [Fact]
    public void Nothing_is_known_before_the_first_answer_and_its_absence_is_no_event()
    {
        Assert.Equal(ReplicaState.Unknown, _states.State);

        Live(s_refused);
        Live(Alive());

        Assert.Equal(ReplicaState.Serving, _states.State);
        Assert.Equal([TimelineKind.Back], Kinds());
    }

    [Fact]
    public void One_refused_connection_is_enough_and_one_answer_too()
    {
        Live(Alive());
        Live(s_refused);
        Assert.Equal((ReplicaState.Down, "connection refused"), (_states.State, _states.Reason));

        Live(Alive(started: s_start.AddSeconds(5)));
        Assert.Equal((ReplicaState.Serving, null), (_states.State, _states.Reason));
        Assert.Equal([TimelineKind.Gone, TimelineKind.Restarted, TimelineKind.Back], Kinds());
    }

    [Fact]
    public void One_whose_port_another_program_has_is_down_until_it_answers_itself()
    {
        Live(Alive());
        Live(new(ProbeOutcome.Stranger, TimeSpan.Zero, "'api-3' answers on its port"));
        Assert.Equal((ReplicaState.Down, true, "'api-3' answers on its port"), (_states.State, _states.IsPortTaken, _states.Reason));

        Live(s_refused);
        Assert.False(_states.IsPortTaken);
        Live(Alive());
        Assert.Equal(ReplicaState.Serving, _states.State);
    }

    [Fact]
    public void One_that_hangs_is_seen_before_the_supervisor_kills_it()
    {
        Live(Alive());
        Live(s_late);
        Assert.Equal(ReplicaState.Serving, _states.State);
        Live(s_late);
        Assert.Equal((ReplicaState.Hung, "no answer within 500 ms"), (_states.State, _states.Reason));
        Live(s_refused);
        Live(Alive(started: s_start.AddSeconds(5)));

        Assert.Equal([TimelineKind.Hung, TimelineKind.Gone, TimelineKind.Restarted, TimelineKind.Back], Kinds());
    }

    [Fact]
    public void One_that_was_slow_for_a_moment_is_back_with_the_same_process()
    {
        Live(Alive());
        Live(s_late);
        Live(s_late);
        Live(Alive());

        Assert.Equal([TimelineKind.Hung, TimelineKind.Back], Kinds());
    }

    [Fact]
    public void A_restart_that_no_probe_met_is_seen_by_the_start_of_the_process()
    {
        Live(Alive());
        Live(Alive(started: s_start.AddMilliseconds(10)));
        Assert.Empty(Kinds());

        Live(Alive(started: s_start.AddSeconds(3)));

        Assert.Equal([TimelineKind.Restarted], Kinds());
    }

    [Fact]
    public void One_that_drained_before_it_went_was_stopped_and_not_killed()
    {
        Live(Alive());
        Live(Alive(draining: true));
        Assert.Equal(ReplicaState.Draining, _states.State);
        Live(s_refused);

        Assert.Equal([TimelineKind.Drained, TimelineKind.Stopped], Kinds());
    }

    [Fact]
    public void One_that_was_resumed_after_a_drain_and_is_gone_was_killed()
    {
        Live(Alive());
        Live(Alive(draining: true));
        Live(Alive());
        Live(s_refused);

        Assert.Equal([TimelineKind.Drained, TimelineKind.Back, TimelineKind.Gone], Kinds());
    }

    [Theory]
    [InlineData(200, """{"status":"ready"}""", "Serving", null)]
    [InlineData(200, "ok", "Serving", null)]
    [InlineData(
        200,
        """{"status":"degraded","dependencies":{"redis":{"status":"degraded","detail":"no answer"},"database":{"status":"healthy"}}}""",
        "Degraded",
        "redis degraded: no answer"
    )]
    [InlineData(503, """{"status":"not_ready","reason":"draining"}""", "Draining", "503: draining")]
    [InlineData(
        503,
        """{"status":"not_ready","dependencies":{"database":{"status":"unhealthy"}}}""",
        "NotReady",
        "503: database unhealthy"
    )]
    [InlineData(503, "", "NotReady", "503")]
    [InlineData(404, "[]", "NotReady", "404")]
    [InlineData(200, """{"status":"\ud800"}""", "Serving", null)]
    [InlineData(503, """{"reason":"\ud800"}""", "NotReady", "503")]
    public void What_readiness_answers_decides_at_once(int status, string body, string state, string? reason)
    {
        Live(Alive());
        Ready(Read(status, body));

        Assert.Equal((state, reason), (_states.State.ToString(), _states.Reason));
    }

    [Fact]
    public void Readiness_that_is_late_decides_after_the_threshold()
    {
        Live(Alive());
        Ready(s_late);
        Ready(s_late);
        Assert.Equal(ReplicaState.Serving, _states.State);

        Ready(s_late);
        Assert.Equal(ReplicaState.NotReady, _states.State);

        Ready(Read(200, """{"status":"ready"}"""));
        Assert.Equal([TimelineKind.NotReady, TimelineKind.Back], Kinds());
    }

    [Fact]
    public void A_monitor_that_was_suspended_blames_nobody()
    {
        Live(Alive());
        for (var i = 0; i < 10; i++)
        {
            Live(s_late with { Outcome = ProbeOutcome.Void });
            Ready(s_late with { Outcome = ProbeOutcome.Void });
        }

        Assert.Equal(ReplicaState.Serving, _states.State);
        Assert.Empty(Kinds());
    }

    [Fact]
    public void What_was_said_of_dependencies_is_forgotten_with_the_process()
    {
        Live(Alive());
        Ready(Read(200, """{"status":"degraded","dependencies":{"redis":{"status":"degraded"}}}"""));
        Assert.Equal("degraded", _states.UnhealthyDependencies["redis"]);

        Live(Alive(started: s_start.AddSeconds(9)));
        Assert.Empty(_states.UnhealthyDependencies);
    }

    private static ProbeResult Alive(DateTimeOffset? started = null, bool draining = false) =>
        new(ProbeOutcome.Ok, TimeSpan.FromMilliseconds(1)) { Started = started ?? s_start, IsDraining = draining };

    private static ProbeResult Read(int status, string body) =>
        HealthAnswerReader.Read((HttpStatusCode)status, Encoding.UTF8.GetBytes(body), TimeSpan.FromMilliseconds(1));

    private void Live(ProbeResult result)
    {
        var before = _states.State;
        var isOther = _states.OnLiveness(result);
        _events.OnState(before, _states.State, _states.Reason, isOther);
    }

    private void Ready(ProbeResult result)
    {
        var before = _states.State;
        _states.OnReadiness(result);
        _events.OnState(before, _states.State, _states.Reason, isOther: false);
    }

    private IEnumerable<TimelineKind> Kinds() => _timeline.Read().Reverse().Select(e => e.Kind);
}
