using Microsoft.Extensions.Configuration;
using NeuroCred.ServiceDefaults.Lifetime;

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
        Assert.Equal(TimeSpan.FromSeconds(3.5), times.Shutdown);
        Assert.Equal(TimeSpan.FromSeconds(4.8), times.HardStop);
    }

    [Fact]
    public void A_platform_may_give_more_time()
    {
        var times = Read(out var errors, ("Draining:Grace", "00:00:10"), ("Draining:Timeout", "00:00:30"));

        Assert.Empty(errors);
        Assert.InRange(times.Shutdown, TimeSpan.FromSeconds(20), times.HardStop);
        Assert.InRange(times.HardStop, times.Shutdown, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Every_mistake_is_named_with_its_key_and_what_to_give()
    {
        Read(out var errors, ("Draining:Grace", "5s"), ("Draining:Timeout", "02:00:00"));

        Assert.Equal(
            [
                "Draining:Grace is '5s'. Give hours, minutes and seconds from 00:00:00 to 00:01:00, such as 00:00:01.",
                "Draining:Timeout is '02:00:00'. Give hours, minutes and seconds from 00:00:01 to 01:00:00, such as 00:00:05.",
            ],
            errors);
    }

    [Fact]
    public void The_timeout_includes_the_grace()
    {
        Read(out var errors, ("Draining:Grace", "00:00:05"));

        Assert.Equal(["Draining:Timeout is 00:00:05, and Draining:Grace is 00:00:05: give a timeout that is longer, since it includes the grace."], errors);
    }

    private static DrainTimes Read(out List<string> errors, params (string Key, string Value)[] values)
    {
        errors = [];
        var times = new DrainTimes();
        times.Read(new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build(), errors);
        return times;
    }
}
