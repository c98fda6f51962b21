namespace NeuroCred.Tests.WholeSystem;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Until
{
    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <param name="otherwise">What to say when it takes longer.</param>
    public static Task HoldsAsync(Func<bool> condition, TimeSpan deadline, Func<string> otherwise) =>
        HoldsAsync(() => Task.FromResult(condition()), deadline, otherwise);

    /// <summary>Waits until a condition holds that takes a while to be known.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <param name="otherwise">What to say when it takes longer.</param>
    public static async Task HoldsAsync(Func<Task<bool>> condition, TimeSpan deadline, Func<string> otherwise)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(50, Cancellation))
        {
            Assert.True(waited.Elapsed < deadline, otherwise());
        }
    }
}
