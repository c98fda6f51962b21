using System.Diagnostics;

namespace Aspire.Hosting.Processes.Tests.StandIns;

/// <summary>Waiting for a condition, never for luck.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null, Func<string>? details = null)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(began) < (limit ?? TimeSpan.FromSeconds(5)),
                $"{what} did not happen in time. {details?.Invoke()}"
            );
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }

    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? limit = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, limit);
}
