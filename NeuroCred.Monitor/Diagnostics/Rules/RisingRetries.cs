using NeuroCred.Monitor.Model;
using static NeuroCred.Monitor.Diagnostics.FindingText;

namespace NeuroCred.Monitor.Diagnostics.Rules;

/// <summary>More attempts than before fail and are made again on another replica, and no other finding explains it.</summary>
internal sealed class RisingRetries : IRule
{
    /// <summary>The least part of all requests: fewer than one in a hundred do not change the 99th percentile that clients see.</summary>
    public const double LeastRatio = 0.01;

    /// <summary>How many times as many as before count as rising.</summary>
    public const double Rise = 2;

    /// <summary>The fewest retries: one failure may cause a few at once.</summary>
    public const int LeastRetries = 5;

    public IEnumerable<Finding> Judge(Observation now, IReadOnlyList<Finding> found)
    {
        var failing = FindFailing(now, found);
        var retries = failing.Sum(r => r.Traffic.Failovers);
        var ratio = Ratio(now, found);
        if (retries < LeastRetries || ratio < LeastRatio || ratio < Rise * now.UsualFailoverRatio)
        {
            yield break;
        }

        var all = failing
            .Select(r => r.Traffic.Failures)
            .Aggregate((a, b) => new(a.Refused + b.Refused, a.TimedOut + b.TimedOut, a.Reset + b.Reset, a.ServerErrors + b.ServerErrors));
        var names = failing.Select(r => r.Name).ToList();
        yield return new(
            FindingIds.RetriesRising,
            now.Gateway.Failed > 0 ? FindingSeverity.Warning : FindingSeverity.Notice,
            names,
            $"Retries are rising: attempts at {List(names)} fail",
            $"{List(names)} {(names.Count == 1 ? "answers" : "answer")} most attempts, but some fail: {Worst(all)}. Then another replica "
                + "is asked. "
                + (
                    now.Gateway.Failed > 0
                        ? $"Within {Time(now.Window)}, {Count(now.Gateway.Failed, "request")} failed for clients as well."
                        : "Clients notice only the time that it takes."
                ),
            [
                $"{retries} retries in {Count(now.Gateway.Requests, "request")} within {Time(now.Window)} ({Percent(ratio)}); "
                    + $"before, {Percent(now.UsualFailoverRatio)}.",
                .. failing.Select(r =>
                    $"{r.Name}: {r.Traffic.Failures.Total} of {Count(r.Traffic.Attempts, "attempt")} failed: {Kinds(r.Traffic.Failures)}."
                ),
            ],
            [
                $"Look at the log of {List(names)} for errors, restarts and requests that take too long.",
                "Look in the gateway's access log for the requests with more than one attempt: is it one path, or one kind of request?",
                "Repair this soon: each retry adds load to the other replicas.",
            ]
        );
    }

    /// <summary>
    /// The part of the requests, 0 to 1, of which an attempt failed and was made again, and no other finding explains why.
    /// </summary>
    public static double Ratio(Observation now, IReadOnlyList<Finding> found) =>
        now.Gateway.Requests > 0 ? FindFailing(now, found).Sum(r => r.Traffic.Failovers) / (double)now.Gateway.Requests : 0;

    // A replica that was away within the window is explained by that, and one with a finding of its own by that.
    private static List<ObservedReplica> FindFailing(Observation now, IReadOnlyList<Finding> found)
    {
        var explained = found
            .Where(f => FindingIds.IsNoTraffic(f.Id) || f.Id is FindingIds.UnevenFailingReplica or FindingIds.SharedDependency)
            .SelectMany(f => f.Replicas)
            .ToHashSet(StringComparer.Ordinal);
        return [.. now.Replicas.Where(r => r.IsSettled(now) && !explained.Contains(r.Name) && r.Traffic.Failovers > 0)];
    }
}
