using NeuroCred.ServiceDefaults.Lifetime;
using NeuroCred.Settings;

namespace NeuroCred.Tests.ServiceDefaults;

public sealed class DrainTimesTests
{
    [Fact]
    public void Without_configuration_an_instance_serves_for_a_second_more_and_is_gone_before_the_sixth()
    {
        var times = Read(out var errors);

        Assert.Empty(errors);
        Assert.Equal(TimeSpan.FromSeconds(1), times.Grace);
        Assert.Equal(TimeSpan.FromSeconds(5), times.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(3.5), DrainOnStop.ShutdownTimeout(times));
        Assert.Equal(TimeSpan.FromSeconds(4.8), DrainOnStop.HardStop(times));
    }

    [Theory]
    [InlineData("00:00:10", "00:00:30")]
    [InlineData("10s", "30s")]
    public void A_platform_may_give_more_time(string grace, string timeout)
    {
        var times = Read(out var errors, ("Draining:Grace", grace), ("Draining:Timeout", timeout));

        Assert.Empty(errors);
        Assert.InRange(DrainOnStop.ShutdownTimeout(times), TimeSpan.FromSeconds(20), DrainOnStop.HardStop(times));
        Assert.InRange(DrainOnStop.HardStop(times), DrainOnStop.ShutdownTimeout(times), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Every_mistake_is_named_with_its_key_and_what_to_give()
    {
        Read(out var errors, ("Draining:Grace", "5"), ("Draining:Timeout", "02:00:00"));

        Assert.Equal(
            ["Draining:Grace is '5': give a duration such as 500ms, 10s, 5m or 1h.", "Draining:Timeout is 2h: give 1s to 1h."],
            errors
        );
    }

    [Fact]
    public void The_timeout_includes_the_grace()
    {
        Read(out var errors, ("Draining:Grace", "00:00:05"));

        Assert.Equal(
            ["Draining:Timeout is 5s, and Draining:Grace 5s: give the former more, or a replica would have no time to finish what it has."],
            errors
        );
    }

    private static DrainTimes Read(out IReadOnlyList<string> errors, params (string Key, string? Value)[] values)
    {
        var settings = GivenSettings.Of(values);
        var times = DrainTimes.Read(settings);
        errors = settings.Errors;
        return times;
    }
}
