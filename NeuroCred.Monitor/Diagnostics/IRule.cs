using NeuroCred.Monitor.Model;

namespace NeuroCred.Monitor.Diagnostics;

/// <summary>Finds one symptom and its cause.</summary>
internal interface IRule
{
    /// <summary>Judges an observation. Nothing is found if there is too little evidence.</summary>
    /// <param name="now">The observation.</param>
    /// <param name="found">What earlier rules found in it: what that explains is left out.</param>
    IEnumerable<Finding> Judge(Observation now, IReadOnlyList<Finding> found);
}
