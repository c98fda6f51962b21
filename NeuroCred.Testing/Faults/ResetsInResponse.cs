using Microsoft.AspNetCore.Http;

namespace NeuroCred.Testing.Faults;

/// <summary>Does what it is asked, and resets the connection in the middle of saying so.</summary>
internal sealed class ResetsInResponse : IMisbehaviour
{
    // A reset overtakes what was sent just before it; this much later, the first half has arrived.
    private static readonly TimeSpan s_arrival = TimeSpan.FromMilliseconds(20);

    public async Task AnswerAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica)
    {
        var answer = await askRealReplica();
        answer.WriteHead(context);
        await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(s_arrival, context.RequestAborted);
        context.Abort();
    }
}
