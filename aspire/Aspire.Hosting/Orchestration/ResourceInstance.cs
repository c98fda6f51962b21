using Aspire.Hosting.StandIns;

namespace Aspire.Hosting.Orchestration;

/// <summary>One process of a resource, from its creation to its end.</summary>
/// <param name="Name">The name of the DCP object.</param>
/// <param name="Process">What it runs.</param>
/// <param name="StartIsOver">Called when it has ended, in case its start did not return yet.</param>
internal sealed record ResourceInstance(string Name, ProcessLaunch Process, Action StartIsOver)
{
    /// <summary>Set once it runs or has ended; to what went wrong if it never ran.</summary>
    internal TaskCompletionSource<string?> Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Logs { get; set; } = Task.CompletedTask;

    /// <summary>Whether somebody told it to end.</summary>
    internal bool IsStopping { get; set; }

    internal void End() => End(problem: null);

    internal void End(string? problem)
    {
        StartIsOver();
        Ended.TrySetResult();
        Started.TrySetResult(problem);
    }

    internal async Task<string?> WaitForNewsAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await Started.Task.WaitAsync(limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
