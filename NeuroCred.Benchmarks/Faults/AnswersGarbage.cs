using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NeuroCred.Benchmarks.Faults;

/// <summary>Answers something that is no HTTP, and closes the connection.</summary>
internal sealed class AnswersGarbage : IMisbehaviour
{
    private static readonly byte[] s_garbage = Encoding.Latin1.GetBytes("\u0015\u0003\u0001\u0000\u0002\u0002\u0046 this is no HTTP response\r\n\r\n");

    public async Task AnswerAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica)
    {
        // Past the server, which would only write HTTP.
        var socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        await socket.SendAsync(s_garbage, context.RequestAborted);
        socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await Task.Delay(TimeSpan.FromMilliseconds(20), context.RequestAborted);
        context.Abort();
    }
}
