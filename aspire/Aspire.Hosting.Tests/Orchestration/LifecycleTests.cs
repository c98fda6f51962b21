using System.Diagnostics;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests.Orchestration;

public sealed class LifecycleTests(LifecycleTests.Programs programs) : IClassFixture<LifecycleTests.Programs>
{
    private readonly TestApplication _app = programs.Application;

    [Fact]
    public async Task A_program_is_stopped_started_and_restarted_each_time_as_a_new_process()
    {
        var first = await _app.WaitForProcessAsync("sleeper");
        var started = _app.Current("sleeper").StartTimeStamp;
        Assert.NotNull(started);
        Assert.True(Signals.Exists(first));

        await _app.DoAsync("sleeper", "stop");
        var stopped = _app.Current("sleeper");
        Assert.Equal(KnownResourceStates.Exited, stopped.State!.Text);
        Assert.NotNull(stopped.StopTimeStamp);
        Assert.DoesNotContain(stopped.Properties, p => p.Name == "executable.pid");
        Assert.False(Signals.Exists(first));

        await _app.DoAsync("sleeper", "start");
        var second = await _app.WaitForProcessAsync("sleeper");
        Assert.NotEqual(first, second);
        Assert.Null(_app.Current("sleeper").StopTimeStamp);
        Assert.Null(_app.Current("sleeper").ExitCode);

        await _app.DoAsync("sleeper", "restart");
        Assert.False(Signals.Exists(second));
        Assert.NotEqual(second, await _app.WaitForProcessAsync("sleeper"));
        Assert.True(_app.Current("sleeper").StartTimeStamp > started);
    }

    [Fact]
    public async Task A_killed_program_is_finished_with_exit_code_minus_one_and_can_be_started_at_that_very_moment()
    {
        for (var i = 0; i < 5; i++)
        {
            Signals.Send(await _app.WaitForProcessAsync("victim"), Signals.Kill);
            var end = await _app.WaitForAsync("victim", KnownResourceStates.Finished);
            Assert.Equal(-1, end.ExitCode);
            Assert.NotNull(end.StopTimeStamp);
            Assert.Equal(KnownResourceStateStyles.Error, end.State!.Style);
            await _app.DoAsync("victim", "start");
        }
    }

    [Fact]
    public async Task A_program_that_ends_by_itself_is_finished_with_its_exit_code_which_is_an_event_each_time()
    {
        Assert.Equal(0, (await _app.WaitForAsync("good", KnownResourceStates.Finished)).ExitCode);
        var bad = await _app.WaitForAsync("bad", KnownResourceStates.Finished);
        Assert.Equal((7, KnownResourceStateStyles.Error), (bad.ExitCode, bad.State!.Style));

        Assert.Equal(7, (await programs.Ends.Reader.ReadAsync(TestApplication.Deadline)).Snapshot.ExitCode);
        await _app.DoAsync("bad", "start");
        Assert.Equal(7, (await programs.Ends.Reader.ReadAsync(TestApplication.Deadline)).Snapshot.ExitCode);
    }

    [Fact]
    public async Task A_program_that_ignores_being_told_to_end_is_killed_after_six_seconds()
    {
        await _app.WaitForLineAsync("stubborn", "ready");
        var pid = await _app.WaitForProcessAsync("stubborn");
        var stopping = Stopwatch.StartNew();
        await _app.DoAsync("stubborn", "stop");
        Assert.InRange(stopping.Elapsed.TotalSeconds, 5, 14);
        Assert.Equal(KnownResourceStates.Exited, _app.Current("stubborn").State!.Text);
        Assert.False(Signals.Exists(pid));
        await _app.WaitForLineAsync("stubborn", "ignored");
    }

    [Fact]
    public async Task What_runs_is_not_started_twice_and_what_has_ended_is_not_stopped_again()
    {
        var pid = await _app.WaitForProcessAsync("single");
        var again = await _app.CommandAsync("single", "start");
        Assert.Equal((false, "'single' runs already."), (again.Success, again.Message));
        Assert.Equal(pid, TestApplication.Pid(_app.Current("single")));

        await _app.DoAsync("single", "stop");
        var stopped = _app.Current("single").StopTimeStamp;
        await _app.DoAsync("single", "stop");
        Assert.Equal(stopped, _app.Current("single").StopTimeStamp);
    }

    [Fact]
    public async Task A_start_that_comes_during_a_stop_begins_when_that_is_done()
    {
        await _app.WaitForLineAsync("slow", "ready");
        var pid = await _app.WaitForProcessAsync("slow");
        var stopping = _app.CommandAsync("slow", "stop");
        await _app.WaitForAsync("slow", KnownResourceStates.Stopping);
        await _app.DoAsync("slow", "start");
        Assert.True((await stopping).Success);
        Assert.NotEqual(pid, await _app.WaitForProcessAsync("slow"));
    }

    [Fact]
    public async Task A_stop_ends_the_wait_for_another_resource_which_can_begin_again()
    {
        await _app.WaitForAsync("waiting", KnownResourceStates.Waiting);
        await _app.DoAsync("waiting", "stop");
        Assert.Equal(KnownResourceStates.Exited, _app.Current("waiting").State!.Text);

        var starting = _app.CommandAsync("waiting", "start");
        await _app.WaitForAsync("waiting", KnownResourceStates.Waiting);
        var second = await _app.CommandAsync("waiting", "start");
        Assert.Equal("'waiting' is being started already.", second.Message);
        await _app.DoAsync("other", "start");
        Assert.True((await starting).Success);
        await _app.WaitForProcessAsync("waiting");
    }

    [Fact]
    public async Task A_start_whose_caller_gives_up_leaves_a_resource_that_can_be_started()
    {
        using var giveUp = new CancellationTokenSource();
        var starting = _app.Application.ResourceCommands.ExecuteCommandAsync("patient", "start", giveUp.Token);
        await _app.WaitForAsync("patient", KnownResourceStates.Waiting);
        await giveUp.CancelAsync();
        Assert.True((await starting).Canceled);
        Assert.Equal(KnownResourceStates.Exited, _app.Current("patient").State!.Text);

        await _app.DoAsync("awaited", "start");
        await _app.DoAsync("patient", "start");
        await _app.WaitForProcessAsync("patient");
    }

    [Fact]
    public async Task A_resource_with_an_explicit_start_waits_for_someone_to_start_it()
    {
        await _app.WaitForProcessAsync("sleeper");
        Assert.Equal(KnownResourceStates.NotStarted, _app.Current("later").State!.Text);
        await _app.DoAsync("later", "start");
        await _app.WaitForProcessAsync("later");
    }

    public sealed class Programs : SharedApplication
    {
        internal Channel<ResourceEvent> Ends { get; } = Channel.CreateUnbounded<ResourceEvent>();

        protected override void Configure(IDistributedApplicationTestingBuilder builder)
        {
            builder.AddSleeper("sleeper");
            builder.AddSleeper("victim");
            builder.AddSleeper("single");
            builder.AddSleeper("later").WithExplicitStart();
            builder.AddScript("good", "exit 0");
            builder.AddScript("bad", "exit 7").OnResourceStopped((_, @event, _) =>
            {
                Ends.Writer.TryWrite(@event.ResourceEvent);
                return Task.CompletedTask;
            });
            builder.AddScript("stubborn", "trap 'echo ignored' TERM; echo ready; while true; do sleep 0.1; done");
            builder.AddScript("slow", "trap 'sleep 1; exit 0' TERM; echo ready; while true; do sleep 0.1; done");
            builder.AddSleeper("waiting").WaitFor(builder.AddSleeper("other").WithExplicitStart());
            builder.AddSleeper("patient").WithExplicitStart().WaitFor(builder.AddSleeper("awaited").WithExplicitStart());
        }
    }
}
