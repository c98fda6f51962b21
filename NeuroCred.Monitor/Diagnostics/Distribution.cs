namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Who answers how much, among the replicas that have served for the whole window.</summary>
internal sealed class Distribution
{
    /// <summary>Below this part of an even share, or above its inverse, it is uneven: <c>least_conn</c> keeps healthy replicas within 10 %.</summary>
    public const double UnevenPart = 0.67;

    /// <summary>How many standard deviations of chance a difference must be beyond: 3 occur once in 370 looks, and lasting for seconds hardly ever.</summary>
    public const double Deviations = 3;

    private Distribution(IReadOnlyList<ObservedReplica> replicas)
    {
        Replicas = replicas;
        Expected = replicas.Count > 0 ? replicas.Sum(r => r.Traffic.Answers) / (double)replicas.Count : 0;
    }

    /// <summary>Who is compared.</summary>
    public IReadOnlyList<ObservedReplica> Replicas { get; }

    /// <summary>How many answers each would give if it were even.</summary>
    public double Expected { get; }

    /// <summary>How much a replica differs from it: 0.5 for half of an even share. 1 when nothing is expected.</summary>
    public double Part(ObservedReplica replica) => Expected > 0 ? replica.Traffic.Answers / Expected : 1;

    /// <summary>Compares those that can be.</summary>
    public static Distribution Of(Observation now) => new([.. now.Replicas.Where(r => r.IsSettled(now))]);

    /// <summary>Whether a replica answers clearly less than its share.</summary>
    public bool IsShort(ObservedReplica replica) => Replicas.Count > 1 && Part(replica) < UnevenPart && IsBeyondChance(replica);

    /// <summary>Whether a replica answers clearly more than its share.</summary>
    public bool IsLong(ObservedReplica replica) => Replicas.Count > 1 && Part(replica) > 1 / UnevenPart && IsBeyondChance(replica);

    /// <summary>How many answers it gives, in words.</summary>
    public string Describe(ObservedReplica replica)
        => $"{replica.Name} gave {replica.Traffic.Answers} of {Words.Count(Replicas.Sum(r => r.Traffic.Answers), "answer")}; an even share would be {Expected:0}.";

    private bool IsBeyondChance(ObservedReplica replica) => Math.Abs(replica.Traffic.Answers - Expected) > Deviations * Math.Sqrt(Expected);
}
