using Grpc.Core;

namespace Aspire.Hosting.Dashboard;

/// <summary>Ends the streams of the resource service when their caller hangs up or the AppHost stops, neither of which is a failure.</summary>
internal sealed class ResourceServiceLifetime(CancellationToken stopping)
{
    internal async Task StreamAsync(ServerCallContext context, Func<CancellationToken, Task> write)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        try
        {
            // An idle stream says at once that it is open.
            await context.WriteResponseHeadersAsync([]).ConfigureAwait(false);
            await write(ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller hung up, or the application stops; the notifications stop with it.
        }
        catch (Exception e) when (e is IOException or InvalidOperationException && ending.IsCancellationRequested)
        {
            // The same, in the middle of a message.
        }
    }
}
