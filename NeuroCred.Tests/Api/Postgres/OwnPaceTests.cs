using Microsoft.Extensions.Time.Testing;
using NeuroCred.Api.Postgres;

namespace NeuroCred.Tests.Api.Postgres;

public sealed class OwnPaceTests : IDisposable
{
    private readonly PausingTime _time = new();
    private readonly OwnPace _pace;

    public OwnPaceTests() => _pace = new(_time);

    public void Dispose() => _pace.Dispose();

    [Fact]
    public void A_process_that_has_just_started_counts_as_late_and_soon_no_more()
    {
        Assert.True(_pace.WasLate);

        Pass(OwnPace.Memory);

        Assert.False(_pace.WasLate);
    }

    [Fact]
    public void A_process_that_was_paused_knows_it_as_soon_as_it_goes_on_and_for_a_while()
    {
        Pass(OwnPace.Memory);

        _time.Pause(TimeSpan.FromSeconds(2));

        Assert.True(_pace.WasLate);
        Pass(OwnPace.Memory / 2);
        Assert.True(_pace.WasLate);
        Pass(OwnPace.Memory);
        Assert.False(_pace.WasLate);
    }

    [Fact]
    public void A_little_late_is_not_late()
    {
        Pass(OwnPace.Memory);

        _time.Pause(OwnPace.Late / 2);
        Pass(TimeSpan.FromMilliseconds(200));

        Assert.False(_pace.WasLate);
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(100))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>A clock that can go on while no timer does, as it looks to a process that was stopped.</summary>
    private sealed class PausingTime : FakeTimeProvider
    {
        private TimeSpan _paused;

        public void Pause(TimeSpan time) => _paused += time;

        public override long GetTimestamp() => base.GetTimestamp() + (long)(_paused.TotalSeconds * TimestampFrequency);
    }
}
