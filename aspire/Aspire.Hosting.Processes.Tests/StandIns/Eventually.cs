using System.Diagnostics;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>Waiting for a condition, never for luck.</summary>
internal static class Eventually
{
    /// <summary>How long anything may take, on a machine that is busy with other things.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, Func<string>? details = null)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Deadline, $"{what} did not happen in time. {details?.Invoke()}");
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until both servers of the sample application have answered.</summary>
    public static Task BothServersAnswerAsync(HttpClient gateway)
    {
        var names = new HashSet<string>();
        return HoldsAsync(
            async () =>
            {
                names.Add(await gateway.GetStringAsync("/", TestContext.Current.CancellationToken));
                return names.SetEquals(["server-1", "server-2"]);
            },
            "An answer of both servers",
            () => string.Join(", ", names)
        );
    }

    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);
}
