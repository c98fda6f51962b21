using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NeuroCred.Testing.Faults;

/// <summary>Answers something that is no HTTP response, and closes the connection.</summary>
/// <param name="garbage">What it answers.</param>
internal sealed class AnswersGarbage(string garbage) : IMisbehaviour
{
    /// <summary>Bytes of another protocol. (nginx takes what does not begin with <c>HTTP/</c> for an answer in HTTP/0.9.)</summary>
    public const string OtherProtocol = "\u0015\u0003\u0001\u0000\u0002\u0002\u0046 this is no HTTP response\r\n\r\n";

    /// <summary>An HTTP response that goes wrong in its header.</summary>
    public const string BrokenHeader = "HTTP/1.1 200 OK\r\nContent-Le\u0000\u0001 ngth 12: : \u0002\r\n\r\n";

    public async Task AnswerAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica)
    {
        // Past the server, which would only write HTTP.
        var socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        await socket.SendAsync(Encoding.Latin1.GetBytes(garbage), context.RequestAborted);
        socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await Task.Delay(TimeSpan.FromMilliseconds(20), context.RequestAborted);
        context.Abort();
    }
}
