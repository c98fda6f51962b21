using NeuroCred.Monitor.Model;
using NeuroCred.Monitor.Timeline;

namespace NeuroCred.Tests.Monitor.Timeline;

public sealed class FindingEventsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly EventTimeline _timeline;
    private readonly FindingEvents _events;

    public FindingEventsTests()
    {
        _timeline = new(_time);
        _events = new(_timeline);
    }

    [Fact]
    public void A_finding_appears_once_and_goes_once()
    {
        Diagnose(Finding("no-traffic/down", "api-1"));
        Diagnose(Finding("no-traffic/down", "api-1"));
        Diagnose(Finding("no-traffic/down", "api-2"));
        Diagnose();
        Diagnose();

        Assert.Equal(
            [
                (TimelineKind.FindingAppeared, "no-traffic/down", "api-1 gets no traffic"),
                (TimelineKind.FindingAppeared, "no-traffic/down", "api-2 gets no traffic"),
                (TimelineKind.FindingGone, "no-traffic/down", "Resolved: api-1 gets no traffic"),
                (TimelineKind.FindingGone, "no-traffic/down", "Resolved: api-2 gets no traffic"),
            ],
            _timeline.Read().Reverse().Select(e => (e.Kind, e.Subject, e.Text))
        );
    }

    [Fact]
    public void A_finding_of_the_system_stays_the_same_when_other_replicas_become_the_worst()
    {
        Diagnose(Finding("latency/slow-sql", "api-1"));
        Diagnose(Finding("latency/slow-sql", "api-3"));

        Assert.Equal(TimelineKind.FindingAppeared, Assert.Single(_timeline.Read()).Kind);
    }

    [Fact]
    public void The_timeline_keeps_the_latest_200_events_the_latest_first()
    {
        for (var i = 1; i <= 250; i++)
        {
            _timeline.Add(TimelineKind.Back, "api-1", $"{i}");
        }

        Assert.Equal(200, _timeline.Read().Count);
        Assert.Equal(("250", "51"), (_timeline.Read()[0].Text, _timeline.Read()[^1].Text));
    }

    private static Finding Finding(string id, string replica) =>
        new(id, FindingSeverity.Warning, [replica], $"{replica} gets no traffic", "", [], [], default);

    private void Diagnose(params Finding[] findings) => _events.OnDiagnosis(new(_time.GetUtcNow(), "", findings));
}
