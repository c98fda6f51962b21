using Microsoft.AspNetCore.Http;

namespace NeuroCred.Testing.Faults;

/// <summary>Accepts connections and requests, and never answers.</summary>
internal sealed class NeverAnswers : IMisbehaviour
{
    public Task AnswerAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica) =>
        Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
}
