namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Knows one symptom and its causes.</summary>
internal interface IRule
{
    /// <summary>Judges one moment. What has too little evidence is not said.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="found">What the rules before this one have said of it: what they explain is not said again.</param>
    IEnumerable<Candidate> Judge(Observation now, IReadOnlyList<Candidate> found);
}
