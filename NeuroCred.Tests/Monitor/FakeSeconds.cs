namespace NeuroCred.Tests.Monitor;

/// <summary>Lets pass the seconds of what does something every second.</summary>
internal static class FakeSeconds
{
    /// <summary>Lets one second after another pass until a condition holds, for 2 min of real time at most.</summary>
    public static Task AdvanceUntilAsync(this FakeTimeProvider time, Func<bool> condition, string otherwise) =>
        Until.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return condition();
            },
            TimeSpan.FromMinutes(2),
            () => otherwise
        );
}
