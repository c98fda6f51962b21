using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace NeuroCred.Testing.Faults;

/// <summary>How a faulty replica answers a request, or does not.</summary>
/// <param name="context">The request.</param>
/// <param name="askRealReplica">Has a real replica do what is asked; to be called once at most.</param>
internal delegate Task Misbehaviour(HttpContext context, Func<Task<RealAnswer>> askRealReplica);

/// <summary>The ways in which replicas misbehave.</summary>
internal static class Misbehaviours
{
    /// <summary>Bytes of another protocol. (nginx takes what does not begin with <c>HTTP/</c> for an answer in HTTP/0.9.)</summary>
    public const string OtherProtocol = "\u0015\u0003\u0001\u0000\u0002\u0002\u0046 this is no HTTP response\r\n\r\n";

    /// <summary>An HTTP response that goes wrong in its header.</summary>
    public const string BrokenHeader = "HTTP/1.1 200 OK\r\nContent-Le\u0000\u0001 ngth 12: : \u0002\r\n\r\n";

    // What is in a system's buffers when the reset comes, a program may never read; this much later, most have.
    private static readonly TimeSpan s_arrival = TimeSpan.FromMilliseconds(20);

    /// <summary>Answers rightly, after a delay.</summary>
    public static Misbehaviour AnswerLate(TimeSpan delay) =>
        async (context, askRealReplica) =>
        {
            await Task.Delay(delay, context.RequestAborted);
            await (await askRealReplica()).WriteAsync(context);
        };

    /// <summary>Accepts the request, and never answers.</summary>
    public static Task NeverAnswerAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica) =>
        Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);

    /// <summary>Answers something that is no HTTP response, and closes the connection.</summary>
    public static Misbehaviour AnswerGarbage(string garbage) =>
        async (context, _) =>
        {
            var socket = await SendAsync(context, Encoding.Latin1.GetBytes(garbage));
            socket.Shutdown(SocketShutdown.Send);
            await Task.Delay(s_arrival, context.RequestAborted);
            context.Abort();
        };

    /// <summary>Does what it is asked, and resets the connection instead of saying so: the worst that can happen to a write.</summary>
    public static async Task ResetBeforeResponseAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica)
    {
        await askRealReplica();
        context.Abort();
    }

    /// <summary>Does what it is asked, and resets the connection in the middle of saying so.</summary>
    public static async Task ResetInResponseAsync(HttpContext context, Func<Task<RealAnswer>> askRealReplica)
    {
        var answer = await askRealReplica();
        var head = new StringBuilder($"HTTP/1.1 {answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}\r\n");
        foreach (var (name, value) in answer.Headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        head.Append($"Content-Length: {answer.Body.Length}\r\n\r\n");
        await SendAsync(context, [.. Encoding.Latin1.GetBytes(head.ToString()), .. answer.Body.AsSpan(0, answer.Body.Length / 2)]);
        await Task.Delay(s_arrival, context.RequestAborted);
        context.Abort();
    }

    // Past the server, which would write only HTTP, and does not say when it has sent what it was given: a reset would overtake it.
    private static async Task<Socket> SendAsync(HttpContext context, byte[] bytes)
    {
        var socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        await socket.SendAsync(bytes, context.RequestAborted);
        return socket;
    }
}
