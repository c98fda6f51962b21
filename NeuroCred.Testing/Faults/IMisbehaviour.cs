using Microsoft.AspNetCore.Http;

namespace NeuroCred.Testing.Faults;

/// <summary>How a faulty replica answers.</summary>
internal interface IMisbehaviour
{
    /// <summary>Answers a request, or does not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="askRealReplica">Has a real replica do what is asked; to be called once at most.</param>
    Task AnswerAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica);
}
