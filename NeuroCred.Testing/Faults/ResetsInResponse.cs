using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace NeuroCred.Testing.Faults;

/// <summary>Does what it is asked, and resets the connection in the middle of saying so.</summary>
internal sealed class ResetsInResponse : IMisbehaviour
{
    // What is in a system's buffers when the reset comes, a program may never read; this much later, most have.
    private static readonly TimeSpan s_arrival = TimeSpan.FromMilliseconds(20);

    public async Task AnswerAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica)
    {
        var answer = await askRealReplica();
        var head = new StringBuilder($"HTTP/1.1 {answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}\r\n");
        foreach (var (name, value) in answer.Headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        head.Append($"Content-Length: {answer.Body.Length}\r\n\r\n");

        // Past the server, which does not say when it has sent what it was given: the reset would overtake it.
        var socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        await socket.SendAsync(
            (byte[])[.. Encoding.Latin1.GetBytes(head.ToString()), .. answer.Body.AsSpan(0, answer.Body.Length / 2)],
            context.RequestAborted
        );
        await Task.Delay(s_arrival, context.RequestAborted);
        context.Abort();
    }
}
