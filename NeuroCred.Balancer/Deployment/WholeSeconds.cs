using NeuroCred.Settings;

namespace NeuroCred.Balancer.Deployment;

/// <summary>Durations for platforms that know nothing finer than a second, each with its own bounds.</summary>
internal static class WholeSeconds
{
    /// <summary>The runtime's own end, and the platform's rounding.</summary>
    internal const int EndMargin = 2;

    /// <summary>Rounds up, because a shorter time would fail what the policy lets pass, and keeps to the bounds.</summary>
    /// <param name="value">The policy's duration.</param>
    /// <param name="least">The least that the platform takes.</param>
    /// <param name="most">The most that it takes.</param>
    internal static int Up(TimeSpan value, int least = 1, int most = int.MaxValue) =>
        (int)Math.Clamp(Math.Ceiling(value.TotalSeconds), least, most);

    /// <summary>From the signal to the end of a replica: what it takes at most, and <see cref="EndMargin"/>.</summary>
    /// <param name="draining">How it leaves.</param>
    /// <param name="most">The most that the platform gives it.</param>
    internal static int UntilEnd(DrainTimes draining, int most = int.MaxValue) => Math.Min(Up(draining.Timeout) + EndMargin, most);

    /// <summary>Says what became of a duration that the platform cannot have as it is: nothing where it can.</summary>
    internal static string Difference(TimeSpan value) =>
        TimeSpan.FromSeconds(Up(value)) == value
            ? ""
            : $"{Durations.Show(value)} becomes {Durations.Show(TimeSpan.FromSeconds(Up(value)))}";
}
