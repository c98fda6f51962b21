using NeuroCred.Monitor.Diagnostics;

namespace NeuroCred.Tests.Monitor.Diagnostics;

public sealed class RetryBaselineTests
{
    [Fact]
    public void A_clock_that_is_set_back_leaves_a_ratio_that_follows_as_before()
    {
        var baseline = new RetryBaseline();
        baseline.Add(ObservationBuilder.Now, 0);
        baseline.Add(ObservationBuilder.Now.AddMinutes(1), 0.5);

        var back = ObservationBuilder.Now.AddHours(-12);
        baseline.Add(back, 1);
        Assert.InRange(baseline.Ratio, 0.3, 0.4);
        baseline.Add(back.AddMinutes(10), 0.1);
        Assert.InRange(baseline.Ratio, 0.09, 0.11);
    }
}
