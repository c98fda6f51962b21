using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using NeuroCred.Benchmarks.UnderTest;

namespace NeuroCred.Benchmarks.Linearizability;

/// <summary>
/// Has faults happen at random times, one after the other to the replicas, and at the same time one after the other to Redis and Postgres.
/// What happens when follows from the seed; how the system answers does not.
/// </summary>
/// <param name="application">The system.</param>
/// <param name="seed">What the random numbers begin with.</param>
internal sealed class FaultMixture(DistributedApplication application, int seed)
{
    /// <summary>What is added to a fault that could not be made.</summary>
    public const string InVain = ", in vain";

    private static readonly string[] s_replicas = [.. SystemUnderTest.Replicas];

    private readonly ConcurrentQueue<string> _made = [];

    /// <summary>The faults so far, by what they were.</summary>
    public IReadOnlyDictionary<string, int> Made => _made.CountBy(f => f).OrderBy(f => f.Key, StringComparer.Ordinal).ToDictionary();

    /// <summary>The same in words.</summary>
    public string Describe() => string.Join(", ", Made.Select(f => $"{f.Value} x {f.Key}"));

    /// <summary>Goes on until told to stop, then undoes what lasts.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(
            RepeatAsync(
                new(seed),
                1,
                4,
                [
                    (replica, _) => KillAsync("a replica killed", replica),
                    (replica, time) => FreezeAsync("a replica hung", replica, time, stop),
                    (replica, _) => KillAsync("a replica killed", replica),
                    (replica, time) => DrainAsync(replica, time, stop),
                    (_, _) => KillAsync("all replicas killed", s_replicas),
                ],
                stop
            ),
            RepeatAsync(
                new(seed + 1),
                1.5,
                5,
                [
                    (_, _) => KillAsync("Redis killed", "redis"),
                    (_, time) => FreezeAsync("Redis frozen", "redis", time, stop),
                    (_, _) => KillAsync("Postgres killed", "postgres"),
                    (_, _) =>
                        AttemptAsync(
                            "Postgres restarted",
                            () => application.ExecuteAsync("postgres", KnownResourceCommands.RestartCommand)
                        ),
                    (_, time) => FreezeAsync("Postgres frozen", "postgres", time, stop),
                ],
                stop
            )
        );

    // Each of them once before any of them again, so that a short run has all.
    private static async Task RepeatAsync(
        Random random,
        double least,
        double most,
        Func<string, TimeSpan, Task>[] faults,
        CancellationToken stop
    )
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            if (i % faults.Length == 0)
            {
                random.Shuffle(faults);
            }

            await PassAsync(Between(random, least, most), stop);
            if (!stop.IsCancellationRequested)
            {
                await faults[i % faults.Length](s_replicas[random.Next(s_replicas.Length)], Between(random, 0.3, 6));
            }
        }
    }

    private Task KillAsync(string fault, params string[] names) =>
        AttemptAsync(fault, () => Task.WhenAll(names.Select(application.KillAsync)));

    private Task FreezeAsync(string fault, string name, TimeSpan time, CancellationToken stop) =>
        AttemptAsync(
            fault,
            async () =>
            {
                var hung = await application.HangAsync(name);
                await PassAsync(time, stop);
                await hung.ContinueAsync();
            }
        );

    private Task DrainAsync(string replica, TimeSpan time, CancellationToken stop) =>
        AttemptAsync(
            "a replica drained",
            async () =>
            {
                await application.ExecuteAsync(replica, "drain", CancellationToken.None);
                await PassAsync(time, stop);
                await application.ExecuteAsync(replica, "resume", CancellationToken.None);
            }
        );

    // What is down already, or was replaced in the middle of it, cannot be harmed so.
    private async Task AttemptAsync(string fault, Func<Task> attempt)
    {
        try
        {
            await attempt();
            _made.Enqueue(fault);
        }
        catch (InvalidOperationException)
        {
            _made.Enqueue(fault + InVain);
        }
    }

    private static TimeSpan Between(Random random, double least, double most) =>
        TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least)));

    private static async Task PassAsync(TimeSpan time, CancellationToken stop) =>
        await Task.Delay(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
