using NeuroCred.AppHost.Commands;

namespace NeuroCred.Tests.AppHost;

public sealed class RollingRestartTests : IReplicaRestart
{
    private readonly List<string> _events = [];
    private readonly HashSet<string> _stopped = [];
    private readonly RollingRestart _rollingRestart = new(["api-1", "api-2", "api-3"]);
    private Func<string, CancellationToken, Task<string?>> _restart = (_, _) => Task.FromResult<string?>(null);

    private static CancellationToken Token => Cancellation;

    [Fact]
    public async Task Each_replica_is_restarted_only_when_the_one_before_is_used_again_and_progress_is_told()
    {
        var result = await _rollingRestart.RunAsync(this, _events.Add, Token);

        Assert.Equal((true, "Restarted api-1, api-2, api-3."), (result.Success, result.Message));
        Assert.Equal(
            [
                "Rolling restart 1/3: api-1 ...",
                "restart api-1",
                "Rolling restart 1/3: api-1 serves again.",
                "wait for api-1",
                "Rolling restart 2/3: api-2 ...",
                "restart api-2",
                "Rolling restart 2/3: api-2 serves again.",
                "wait for api-2",
                "Rolling restart 3/3: api-3 ...",
                "restart api-3",
                "Rolling restart 3/3: api-3 serves again.",
                "Rolling restart: Restarted api-1, api-2, api-3.",
            ],
            _events
        );
    }

    [Fact]
    public async Task A_replica_that_a_user_stopped_is_left_alone_and_named()
    {
        _stopped.Add("api-2");

        var result = await _rollingRestart.RunAsync(this, _events.Add, Token);

        Assert.Equal((true, "Restarted api-1, api-3. Left alone, because they do not run: api-2."), (result.Success, result.Message));
        Assert.Contains("Rolling restart 2/3: api-2 does not run, and is left alone.", _events);
        Assert.DoesNotContain("restart api-2", _events);
    }

    [Fact]
    public async Task A_replica_that_does_not_come_back_ends_it()
    {
        _restart = (replica, _) => Task.FromResult(replica == "api-2" ? "it was not ready again." : null);

        var result = await _rollingRestart.RunAsync(this, _events.Add, Token);

        Assert.False(result.Success);
        Assert.StartsWith("Rolling restart 2/3: api-2: it was not ready again.", result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("restart api-3", _events);
    }

    [Fact]
    public async Task Two_at_once_are_refused_and_one_after_the_other_are_not()
    {
        var back = new TaskCompletionSource<string?>();
        _restart = (_, _) => back.Task;
        var first = _rollingRestart.RunAsync(this, _events.Add, Token);

        var second = await _rollingRestart.RunAsync(this, _events.Add, Token);
        Assert.Equal((false, false), (second.Success, second.Canceled));
        Assert.Single(_events, "restart api-1");

        back.SetResult(null);
        Assert.True((await first).Success);
        Assert.True((await _rollingRestart.RunAsync(this, _events.Add, Token)).Success);
    }

    [Fact]
    public async Task It_ends_when_it_is_cancelled()
    {
        _restart = async (_, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        };
        using var cancellation = new CancellationTokenSource();
        var running = _rollingRestart.RunAsync(this, _events.Add, cancellation.Token);

        await cancellation.CancelAsync();

        Assert.True((await running).Canceled);
        Assert.DoesNotContain("restart api-2", _events);
    }

    [Fact]
    public async Task Without_a_running_replica_there_is_nothing_to_restart_and_it_says_so()
    {
        _stopped.UnionWith(["api-1", "api-2", "api-3"]);

        Assert.Equal("No replica runs: none was restarted.", (await _rollingRestart.RunAsync(this, _events.Add, Token)).Message);
    }

    bool IReplicaRestart.IsMeantToRun(string replica) => !_stopped.Contains(replica);

    Task<string?> IReplicaRestart.RestartAsync(string replica, CancellationToken cancellationToken)
    {
        _events.Add($"restart {replica}");
        return _restart(replica, cancellationToken);
    }

    Task IReplicaRestart.WaitUntilUsedAsync(string replica, CancellationToken cancellationToken)
    {
        _events.Add($"wait for {replica}");
        return Task.CompletedTask;
    }
}
