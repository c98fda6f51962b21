using Microsoft.AspNetCore.Http;

namespace NeuroCred.Testing.Faults;

/// <summary>Does what it is asked, and resets the connection instead of saying so: the worst that can happen to a write.</summary>
internal sealed class ResetsBeforeResponse : IMisbehaviour
{
    public async Task AnswerAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica)
    {
        await askRealReplica();
        context.Abort();
    }
}
