using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests.Orchestration;

public sealed class FailedStartTests(FailedStartTests.Programs programs) : IClassFixture<FailedStartTests.Programs>
{
    private readonly TestApplication _app = programs.Application;

    [Theory]
    [InlineData("missing", "there is no program 'no-such-program' on PATH.")]
    [InlineData("absent", "there is no program '/tmp/no-such-program'.")]
    [InlineData("homeless", "its working directory '/no/such/folder' does not exist.")]
    [InlineData("plain", "plain.txt' is not executable.")]
    [InlineData("empty", "Executable path is required.")]
    [InlineData("unprepared", "not today")]
    [InlineData("queue", "needs a container runtime")]
    [InlineData("unknown", "The parameter 'apikey' has no value.")]
    public async Task What_cannot_be_started_says_why_in_its_log_and_to_whoever_starts_it_again(string resource, string reason)
    {
        var failed = await _app.WaitForAsync(resource, KnownResourceStates.FailedToStart);
        Assert.Equal(KnownResourceStateStyles.Error, failed.State!.Style);
        Assert.Null(failed.ExitCode);
        Assert.True((await _app.WaitForLineAsync(resource, reason)).IsErrorMessage);
        Assert.Contains(reason, (await _app.CommandAsync(resource, "start")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_start_asks_again_for_what_was_missing()
    {
        await _app.WaitForAsync("late", KnownResourceStates.FailedToStart);
        programs.IsThere = true;
        await _app.DoAsync("late", "start");
        await _app.WaitForProcessAsync("late");
    }

    [Fact]
    public void A_parameter_without_a_value_is_shown_so()
    {
        var snapshot = _app.Current("apikey");
        Assert.Equal((KnownResourceStates.ValueMissing, KnownResourceStateStyles.Error), (snapshot.State!.Text, snapshot.State.Style));
    }

    public sealed class Programs : SharedApplication
    {
        internal bool IsThere { get; set; }

        protected override void Configure(IDistributedApplicationTestingBuilder builder)
        {
            builder.AddExecutable("missing", "no-such-program", ".");
            builder.AddExecutable("absent", "./no-such-program", "/tmp");
            builder.AddExecutable("homeless", "sleep", "/no/such/folder", "1");
            File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "plain.txt"), "no program");
            builder.AddExecutable("plain", "./plain.txt", AppContext.BaseDirectory);
            builder.AddResource(new ExecutableResource("empty", "", "/tmp"));
            builder.AddSleeper("unprepared").OnBeforeResourceStarted((_, _, _) => throw new InvalidOperationException("not today"));
            builder.AddContainer("queue", "rabbitmq");
            builder.AddSleeper("unknown").WithArgs(builder.AddParameter("apikey", secret: true));
            builder.AddSleeper("late").WithEnvironment("KEY", () => IsThere ? "value" : throw new InvalidOperationException("not yet"));
        }
    }
}
