using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NeuroCred.Tests.Replica;

/// <summary>The fault that is switched on, and how requests fare with it.</summary>
internal sealed class Faults
{
    private const int ThreadsWhenStarved = 4;
    private const int LiveObjects = 600_000;
    private static readonly TimeSpan s_blocked = TimeSpan.FromMilliseconds(20);

    private TaskCompletionSource _switched = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _amount;
    private int _requests;

    /// <summary>What is wrong now.</summary>
    public FaultKind Kind { get; private set; }

    /// <summary>Whether a request is a client's, and not one for health, metrics or faults.</summary>
    public static bool IsOfClient(HttpContext context) => context.Request.Path.StartsWithSegments("/api");

    /// <summary>Whether a request switches a fault: that must work whatever is wrong.</summary>
    public static bool IsSwitch(HttpContext context) => context.Request.Path.StartsWithSegments("/fault");

    /// <summary>Ends the fault there is, and begins another one.</summary>
    /// <param name="kind">What shall be wrong.</param>
    /// <param name="amount">Milliseconds, requests or work items, as the fault needs it.</param>
    public void Switch(FaultKind kind, int amount)
    {
        (Kind, _amount) = (kind, amount);
        Interlocked.Exchange(ref _switched, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        switch (kind)
        {
            case FaultKind.Starve:
                StarveUntil(_switched.Task, amount);
                break;
            case FaultKind.Collect:
                new Thread(() => CollectUntil(_switched.Task)) { IsBackground = true }.Start();
                break;
            default:
                break;
        }
    }

    /// <summary>Waits until another fault is switched on, or none.</summary>
    public Task WaitUntilSwitchedAsync() => _switched.Task;

    /// <summary>Answers a client.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        switch (Kind)
        {
            case FaultKind.Slow or FaultKind.Queue:
                await Task.Delay(_amount, context.RequestAborted);
                break;
            case FaultKind.Fail when Interlocked.Increment(ref _requests) % _amount == 0:
                context.Abort();
                return;
            case FaultKind.NotReady:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            default:
                break;
        }

        await context.Response.WriteAsync("{}", context.RequestAborted);
    }

    private static void StarveUntil(Task end, int items)
    {
        ThreadPool.GetMaxThreads(out var most, out var ports);
        ThreadPool.SetMinThreads(1, 1);
        ThreadPool.SetMaxThreads(ThreadsWhenStarved, ports);
        end.ContinueWith(_ => ThreadPool.SetMaxThreads(most, ports), TaskScheduler.Default);
        for (var i = 0; i < items + ThreadsWhenStarved; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(Block, end, preferLocal: false);
        }

        // Each one blocks a thread and stands in line again.
        static void Block(Task end)
        {
            if (!end.IsCompleted)
            {
                Thread.Sleep(s_blocked);
                ThreadPool.UnsafeQueueUserWorkItem(Block, end, preferLocal: false);
            }
        }
    }

    private static void CollectUntil(Task end)
    {
        var live = CreateChain();
        while (!end.IsCompleted)
        {
            var started = Stopwatch.GetTimestamp();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
            Thread.Sleep(Stopwatch.GetElapsedTime(started));
        }

        GC.KeepAlive(live);
    }

    // The collector follows it link by link, each somewhere else in memory: slow for its size.
    private static Link CreateChain()
    {
        var links = new Link[LiveObjects];
        for (var i = 0; i < links.Length; i++)
        {
            links[i] = new();
        }

        new Random(1).Shuffle(links);
        for (var i = 1; i < links.Length; i++)
        {
            links[i - 1].Next = links[i];
        }

        return links[0];
    }

    private sealed class Link
    {
        public Link? Next { get; set; }
    }
}

/// <summary>The dependency that a replica may be without.</summary>
internal sealed class FaultyDependency(Faults faults) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            faults.Kind == FaultKind.NotReady ? HealthCheckResult.Unhealthy("connection refused") : HealthCheckResult.Healthy()
        );
}
