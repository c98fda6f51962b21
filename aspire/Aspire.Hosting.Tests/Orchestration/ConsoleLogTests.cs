using System.Globalization;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests.Orchestration;

public sealed class ConsoleLogTests(ConsoleLogTests.Programs programs) : IClassFixture<ConsoleLogTests.Programs>
{
    private readonly TestApplication _app = programs.Application;

    [Fact]
    public async Task Both_streams_arrive_line_by_line_with_a_timestamp()
    {
        var output = await _app.WaitForLineAsync("talker", "to the output ü");
        var error = await _app.WaitForLineAsync("talker", "to the error stream");
        Assert.False(output.IsErrorMessage);
        Assert.True(error.IsErrorMessage);
        Assert.True(DateTime.TryParse(output.Content.Split(' ')[0], CultureInfo.InvariantCulture, out _), output.Content);
    }

    [Fact]
    public async Task The_last_words_of_a_program_are_there_even_when_it_is_started_again_at_once()
    {
        for (var i = 1; i <= 3; i++)
        {
            await _app.WaitForLineAsync("polite", $"hello {i}");
            await _app.DoAsync("polite", "restart");
        }

        for (var i = 1; i <= 3; i++)
        {
            await _app.WaitForLineAsync("polite", $"goodbye {i}");
        }
    }

    [Fact]
    public async Task A_program_of_a_moment_loses_none_of_its_words()
    {
        await _app.WaitForLineAsync("short", "done");
        await _app.WaitForLineAsync("short", " 500");
        Assert.Equal(501, (await _app.LogAsync("short")).Split('\n').Length);
    }

    public sealed class Programs : SharedApplication
    {
        protected override void Configure(IDistributedApplicationTestingBuilder builder)
        {
            var run = 0;
            builder.AddScript("talker", "echo 'to the output ü'; echo 'to the error stream' >&2; sleep 1000");
            builder.AddScript("polite", "trap 'echo goodbye $RUN; exit 0' TERM; echo hello $RUN; while true; do sleep 0.05; done")
                .WithEnvironment("RUN", () => $"{++run}");
            builder.AddScript("short", "seq 1 500; echo done >&2");
        }
    }
}
