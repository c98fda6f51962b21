using static NeuroCred.Monitor.Diagnostics.FindingText;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>How the answers are distributed among the replicas that have served for the whole window.</summary>
internal sealed class Distribution
{
    /// <summary>
    /// Below this part of an even share, or above its inverse, a share is uneven: <c>least_conn</c> keeps healthy replicas within 10 %.
    /// </summary>
    public const double UnevenPart = 0.67;

    /// <summary>
    /// How many standard deviations a difference must be beyond: 3 occur by chance once in 370 times, and hardly ever for seconds on end.
    /// </summary>
    public const double Deviations = 3;

    private Distribution(IReadOnlyList<ObservedReplica> replicas)
    {
        Replicas = replicas;
        Expected = replicas.Count > 0 ? replicas.Sum(r => r.Traffic.Answers) / (double)replicas.Count : 0;
    }

    /// <summary>The replicas that are compared.</summary>
    public IReadOnlyList<ObservedReplica> Replicas { get; }

    /// <summary>How many answers each would give if it were even.</summary>
    public double Expected { get; }

    /// <summary>How much a replica differs from it: 0.5 for half of an even share. 1 when nothing is expected.</summary>
    public double Part(ObservedReplica replica) => Expected > 0 ? replica.Traffic.Answers / Expected : 1;

    /// <summary>The distribution among the replicas that can be compared.</summary>
    public static Distribution Of(Observation now) => new([.. now.Replicas.Where(r => r.IsSettled(now))]);

    /// <summary>Whether a replica answers clearly less than its share.</summary>
    public bool IsShort(ObservedReplica replica) => Replicas.Count > 1 && Part(replica) < UnevenPart && IsBeyondChance(replica);

    /// <summary>Whether a replica answers clearly more than its share.</summary>
    public bool IsLong(ObservedReplica replica) => Replicas.Count > 1 && Part(replica) > 1 / UnevenPart && IsBeyondChance(replica);

    /// <summary>A sentence of how many answers it gives.</summary>
    public string Describe(ObservedReplica replica) =>
        $"{replica.Name} gave {replica.Traffic.Answers} of {Count(Replicas.Sum(r => r.Traffic.Answers), "answer")}; "
        + $"an even share would be {Expected:0}.";

    private bool IsBeyondChance(ObservedReplica replica) => Math.Abs(replica.Traffic.Answers - Expected) > Deviations * Math.Sqrt(Expected);
}
