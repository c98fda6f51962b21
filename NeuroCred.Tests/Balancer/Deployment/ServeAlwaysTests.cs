using CliWrap;

namespace NeuroCred.Tests.Balancer.Deployment;

/// <summary>What keeps a monitor running beside nginx, around a program that stands for <c>serve</c>.</summary>
[StartsProcesses]
public sealed class ServeAlwaysTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // Killed by the watchdog or for its memory, ended by a wrong setting, ended by itself.
    [InlineData("kill -s KILL $$")]
    [InlineData("exit 1")]
    [InlineData("exit 0")]
    public async Task A_monitor_that_ends_is_started_again_however_often(string end)
    {
        var third = new TaskCompletionSource();
        var started = 0;
        await using var always = Start(
            $"echo started; {end}",
            line => _ = line == "started" && Interlocked.Increment(ref started) == 3 && third.TrySetResult()
        );

        await third.Task.WaitAsync(s_deadline, Cancellation);
    }

    [Fact]
    public async Task Told_to_end_it_ends_with_the_monitor()
    {
        var started = new TaskCompletionSource();
        await using var always = Start(
            """
            trap 'echo ended; exit 0' TERM
            echo started
            while :; do sleep 0.1; done
            """,
            line => _ = line == "started" && started.TrySetResult()
        );
        await started.Task.WaitAsync(s_deadline, Cancellation);

        await always.EndAsync(UnixSignal.Terminate).WaitAsync(s_deadline, Cancellation);

        Assert.Equal(["started", "ended"], always.Lines);
        Assert.Equal(0, await always.WaitForEndAsync(Cancellation));
    }

    private ChildProcess Start(string serve, Action<string> heard)
    {
        _folder.Write("serve", $"#!/bin/bash\n{serve}\n");
        return new(
            Cli.Wrap("bash")
                .WithArguments([Path.Combine(Repository.Folder, "eng/images/service/serve-always")])
                .WithEnvironmentVariables(
                    new Dictionary<string, string?> { ["PATH"] = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}" }
                ),
            heard
        );
    }
}
