using System.Net.Sockets;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>A way to a server on which everything takes longer, as on a long or busy network.</summary>
/// <param name="target">The server's port on this machine.</param>
internal sealed class DelayingProxy(int target) : NetworkCut(target)
{
    /// <summary>How long everything takes, in each direction.</summary>
    public TimeSpan Delay { get; set; }

    // What was read is on its way while more is read: a delay, and no narrowness.
    protected override async Task CarryAsync(NetworkStream from, NetworkStream to, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        var written = Task.CompletedTask;
        try
        {
            while (await from.ReadAsync(buffer, stop) is > 0 and var length)
            {
                written = WriteAsync(written, buffer[..length], Task.Delay(Delay, stop));
            }
        }
        finally
        {
            await written;
        }

        async Task WriteAsync(Task earlier, byte[] bytes, Task arrival)
        {
            await earlier;
            await arrival;
            await to.WriteAsync(bytes, stop);
        }
    }
}
