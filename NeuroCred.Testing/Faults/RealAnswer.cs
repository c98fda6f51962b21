using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace NeuroCred.Testing.Faults;

/// <summary>What a real replica answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Headers">The headers, without those of one connection.</param>
/// <param name="Body">The body.</param>
internal sealed record RealAnswer(int Status, IReadOnlyList<KeyValuePair<string, StringValues>> Headers, byte[] Body)
{
    /// <summary>Passes the answer on as it is.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.ContentLength = Body.Length;
        return context.Response.Body.WriteAsync(Body, context.RequestAborted).AsTask();
    }
}
