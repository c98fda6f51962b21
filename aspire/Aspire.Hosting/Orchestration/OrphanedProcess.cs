using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Orchestration;

/// <summary>A process whose orchestrator is gone.</summary>
internal static class OrphanedProcess
{
    // DCP keeps a watchman beside each process, which ends it when DCP does not. That takes up to 5 s.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);

    /// <summary>Waits until the process has ended, and kills it and its children if it does not.</summary>
    internal static async Task EndAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            using var patience = new CancellationTokenSource(s_patience);
            try
            {
                await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended.
        }
    }
}
