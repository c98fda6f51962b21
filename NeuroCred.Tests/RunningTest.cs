namespace NeuroCred.Tests;

/// <summary>The test that is running.</summary>
internal static class RunningTest
{
    /// <summary>Cancelled when the test is told to end.</summary>
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
