using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>Attempts fail and are made again elsewhere, more than before, and nothing else that is known explains it.</summary>
internal sealed class RisingRetries : IRule
{
    /// <summary>The part of all requests from which it is worth a word: below one in a hundred, clients' own slowest requests hide it.</summary>
    public const double LeastRatio = 0.01;

    /// <summary>How many times as many as before count as more.</summary>
    public const double Rise = 2;

    /// <summary>The fewest retries that are no accident.</summary>
    public const int LeastRetries = 5;

    public IEnumerable<Candidate> Judge(Observation now, IReadOnlyList<Candidate> found)
    {
        var failing = FindFailing(now, found);
        var retries = failing.Sum(r => r.Traffic.Failovers);
        var ratio = Ratio(now, found);
        if (retries < LeastRetries || ratio < LeastRatio || ratio < Rise * now.UsualFailoverRatio)
        {
            yield break;
        }

        var all = failing.Select(r => r.Traffic.Failures).Aggregate((a, b) => new(a.Refused + b.Refused, a.TimedOut + b.TimedOut, a.Reset + b.Reset, a.ServerErrors + b.ServerErrors));
        var names = failing.Where(r => r.Traffic.Failovers > 0).Select(r => r.Name).ToList();
        yield return new(
            FindingIds.RetriesRising,
            now.Gateway.Failed > 0 ? FindingSeverity.Warning : FindingSeverity.Notice,
            names,
            $"Retries are rising: attempts at {Words.List(names)} fail",
            $"{Words.List(names)} {(names.Count == 1 ? "serves" : "serve")} on the whole, but of some attempts {Words.Worst(all)}. Another replica answers instead, so that clients notice only the time it takes.",
            [
                $"{retries} retries in {Words.Count(now.Gateway.Requests, "request")} within {Words.Time(now.Window)} ({Words.Percent(ratio)}); before, {Words.Percent(now.UsualFailoverRatio)}.",
                .. failing.Where(r => r.Traffic.Failovers > 0).Select(r => $"{r.Name}: {r.Traffic.Failures.Total} of {Words.Count(r.Traffic.Attempts, "attempt")} failed: {Words.Kinds(r.Traffic.Failures)}."),
            ],
            [
                $"Look at the log of {Words.List(names)} for errors, restarts and requests that take too long.",
                "Look in the gateway's access log for the requests with more than one attempt: is it one path, or one kind of request?",
                "Have it mended before the next fault: a retry adds load to the replicas that are left.",
            ]);
    }

    /// <summary>Of how many requests, 0 to 1, an attempt failed and was made again for no reason that is known.</summary>
    public static double Ratio(Observation now, IReadOnlyList<Candidate> found)
        => now.Gateway.Requests > 0 ? FindFailing(now, found).Sum(r => r.Traffic.Failovers) / (double)now.Gateway.Requests : 0;

    // A replica that was away within the window is explained by that, and one with a finding of its own by that.
    private static List<ObservedReplica> FindFailing(Observation now, IReadOnlyList<Candidate> found)
    {
        var explained = found.Where(f => FindingIds.IsNoTraffic(f.Id) || f.Id is FindingIds.UnevenFailingReplica or FindingIds.SharedDependency).SelectMany(f => f.Replicas).ToHashSet(StringComparer.Ordinal);
        return [.. now.Replicas.Where(r => r.IsSettled(now) && !explained.Contains(r.Name) && r.Traffic.Failovers > 0)];
    }
}
