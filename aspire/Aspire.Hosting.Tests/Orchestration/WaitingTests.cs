using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests.Orchestration;

public sealed class WaitingTests(WaitingTests.Programs programs) : IClassFixture<WaitingTests.Programs>
{
    private readonly TestApplication _app = programs.Application;

    [Fact]
    public async Task A_program_starts_after_the_one_whose_completion_it_waits_for_and_again_at_once_when_restarted()
    {
        await _app.WaitForProcessAsync("api");
        var completed = _app.Current("migrations");
        Assert.Equal((KnownResourceStates.Finished, 0), (completed.State!.Text, completed.ExitCode));
        await _app.WaitForLineAsync("api", "the migrations are done");

        await _app.DoAsync("api", "restart");
        await _app.WaitForProcessAsync("api");
        Assert.Equal(completed.StopTimeStamp, _app.Current("migrations").StopTimeStamp);
    }

    [Fact]
    public async Task What_is_waited_for_is_looked_at_again_at_a_restart()
    {
        await _app.WaitForProcessAsync("client");
        await _app.DoAsync("db", "stop");
        var restarting = _app.CommandAsync("client", "restart");
        await _app.WaitForAsync("client", KnownResourceStates.Waiting);
        Assert.False(restarting.IsCompleted);
        await _app.DoAsync("db", "start");
        Assert.True((await restarting).Success);
        await _app.WaitForProcessAsync("client");
    }

    [Theory]
    [InlineData("after-bad", "'bad' ended in the state 'Finished' with exit code 4; 0 was expected.")]
    [InlineData("after-missing", "'missing' ended in the state 'FailedToStart'")]
    [InlineData("after-after-bad", "'after-bad' is in the state 'FailedToStart'")]
    public async Task A_program_whose_dependency_fails_is_not_started_and_says_why(string program, string reason)
    {
        await _app.WaitForAsync(program, KnownResourceStates.FailedToStart);
        await _app.WaitForLineAsync(program, reason);
    }

    public sealed class Programs : SharedApplication
    {
        protected override void Configure(IDistributedApplicationTestingBuilder builder)
        {
            var done = Path.Combine(Path.GetTempPath(), $"migrations-{Guid.NewGuid():N}");
            builder.AddScript("api", $"rm {done} && echo the migrations are done; sleep 1000")
                .WaitForCompletion(builder.AddScript("migrations", $"sleep 0.5; touch {done}"));
            builder.AddSleeper("client").WaitFor(builder.AddSleeper("db"), WaitBehavior.WaitOnResourceUnavailable);
            var bad = builder.AddSleeper("after-bad").WaitForCompletion(builder.AddScript("bad", "exit 4"));
            builder.AddSleeper("after-after-bad").WaitFor(bad);
            builder.AddSleeper("after-missing").WaitForCompletion(builder.AddExecutable("missing", "no-such", "."));
        }
    }
}
