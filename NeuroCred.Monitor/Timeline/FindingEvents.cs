using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Timeline;

/// <summary>Adds to the timeline which findings appeared and which went since the diagnosis before.</summary>
internal sealed class FindingEvents(EventTimeline timeline)
{
    private Dictionary<string, Finding> _known = [];

    /// <summary>Adds the changes since the diagnosis before.</summary>
    public void OnDiagnosis(Diagnosis diagnosis)
    {
        var found = diagnosis.Findings.ToDictionary(f => f.Key);
        foreach (var (key, finding) in found)
        {
            if (!_known.ContainsKey(key))
            {
                timeline.Add(TimelineKind.FindingAppeared, finding.Id, finding.Title);
            }
        }

        foreach (var (key, finding) in _known)
        {
            if (!found.ContainsKey(key))
            {
                timeline.Add(TimelineKind.FindingGone, finding.Id, $"Resolved: {finding.Title}");
            }
        }

        _known = found;
    }
}
