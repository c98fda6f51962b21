using System.Diagnostics;
using System.Net.WebSockets;
using NeuroCred.Api.Telemetry;

namespace NeuroCred.Api.Live;

/// <summary>
/// One client's socket: sends every score after the last one it has, and a heartbeat in silence, until the client goes, does not take
/// what it is sent, its API key ends, or this replica drains. Nothing waits here but the frame being sent: the next page is read once this
/// one is gone.
/// </summary>
internal sealed partial class LiveConnection(WebSocket socket, LiveScorePages pages, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take to accept a frame, beyond what the network's buffers hold.</summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long saying goodbye may take: draining leaves little time.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private long _sequence;
    private string _end = "gone";

    /// <param name="after">The sequence of the last score that the client has; 0 for none.</param>
    /// <param name="draining">Cancelled when this replica begins to drain.</param>
    /// <param name="keyEnded">Cancelled when the client's API key is no longer valid.</param>
    /// <param name="aborted">Cancelled when the connection is gone.</param>
    /// <returns>Whether the connection was closed as it should be; else it is to be aborted.</returns>
    public async Task<bool> RunAsync(long after, CancellationToken draining, CancellationToken keyEnded, CancellationToken aborted)
    {
        _sequence = after;
        ApiTelemetry.CountLiveBegin();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(draining, keyEnded, aborted);
        // What is under way when the end begins gets little time more, and then the socket is aborted.
        using var deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var end = ending.Token.UnsafeRegister(_ => deadline.CancelAfter(CloseTimeout), null);
        var listening = ListenAsync(ending);
        try
        {
            await SendScoresAsync(ending.Token, deadline.Token);
            throw new UnreachableException();
        }
        catch (OperationCanceledException)
            when (ending.IsCancellationRequested && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            return await CloseAsync(
                listening,
                keyEnded.IsCancellationRequested ? ("key_ended", WebSocketCloseStatus.PolicyViolation, "The API key has ended.")
                    : draining.IsCancellationRequested
                        ? (
                            "drained",
                            WebSocketCloseStatus.EndpointUnavailable,
                            $"This replica is draining. Connect again with after={_sequence}."
                        )
                    : null,
                deadline.Token
            );
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            return false;
        }
        finally
        {
            socket.Abort(); // ends the listening; does nothing to a socket that is closed
            await listening;
            ApiTelemetry.CountLiveEnd(_end);
        }
    }

    private async Task SendScoresAsync(CancellationToken ending, CancellationToken deadline)
    {
        while (true)
        {
            var next = pages.NextAsync(_sequence, ending);
            while (!await IsDoneAsync(next, ending))
            {
                await SendAsync(LiveMessages.Heartbeat(_sequence), deadline);
            }

            foreach (var score in await next)
            {
                ending.ThrowIfCancellationRequested();
                await SendAsync(LiveMessages.Of(score), deadline);
                _sequence = score.Sequence;
            }
        }
    }

    private async Task<bool> IsDoneAsync(Task task, CancellationToken ending)
    {
        await task.WaitAsync(Heartbeat, time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.ThrowIfCancellationRequested();
        return task.IsCompleted;
    }

    private async Task SendAsync(byte[] message, CancellationToken deadline)
    {
        using var slow = new CancellationTokenSource(SendTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, deadline);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested)
        {
            _end = "slow";
            LogSlow(logger, SendTimeout.TotalSeconds, _sequence);
            throw;
        }
    }

    // Clients have nothing to say, and what they say is dropped piece by piece. Reading also answers pings, sees the pongs by which the
    // framework tells a dead peer, and the client's wish to close.
    private async Task ListenAsync(CancellationTokenSource ending)
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close) { }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client closed the connection without a close frame.
        }

        await ending.CancelAsync();
    }

    /// <param name="listening">Ends when the client has answered.</param>
    /// <param name="farewell">Why this replica closes; null if the client does.</param>
    /// <param name="deadline">Cancelled when it takes too long.</param>
    private async Task<bool> CloseAsync(
        Task listening,
        (string End, WebSocketCloseStatus Status, string Text)? farewell,
        CancellationToken deadline
    )
    {
        _end = farewell?.End ?? "closed";
        try
        {
            if (farewell is var (_, ours, text) && socket.State == WebSocketState.Open)
            {
                await socket.CloseOutputAsync(ours, text, deadline);
                await listening.WaitAsync(deadline); // for the client's answer: to close before it would reset what is still unread
                return true;
            }

            await socket.CloseOutputAsync(
                socket.CloseStatus is { } status and not WebSocketCloseStatus.Empty ? status : WebSocketCloseStatus.NormalClosure,
                null,
                deadline
            );
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Dropped a live client that took no frame for {Seconds} s, after sequence {Sequence}"
    )]
    private static partial void LogSlow(ILogger logger, double seconds, long sequence);
}
