using Microsoft.AspNetCore.Http;

namespace NeuroCred.Testing.Faults;

/// <summary>Answers rightly, after a delay.</summary>
internal sealed class AnswersLate(TimeSpan delay) : IMisbehaviour
{
    public async Task AnswerAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica)
    {
        await Task.Delay(delay, context.RequestAborted);
        await (await askRealReplica()).WriteAsync(context);
    }
}
