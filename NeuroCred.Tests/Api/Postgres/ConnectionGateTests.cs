using NeuroCred.Api.Postgres;
using Npgsql;

namespace NeuroCred.Tests.Api.Postgres;

public sealed class ConnectionGateTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<TaskCompletionSource<int>> _attempts = [];
    private readonly ConnectionGate<int> _gate;

    public ConnectionGateTests() => _gate = new(Attempt, Patience);

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task While_the_server_answers_everyone_connects_at_once()
    {
        var opening = Enumerable.Range(0, 20).Select(_ => _gate.OpenAsync()).ToArray();

        Assert.Equal(20, _attempts.Count);
        _attempts.ForEach(attempt => attempt.SetResult(1));
        await Task.WhenAll(opening).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_tried_by_one_for_all_until_it_does()
    {
        var first = _gate.OpenAsync();
        _attempts[0].SetException(Timeout());
        await Assert.ThrowsAsync<NpgsqlException>(() => first);

        var others = Enumerable.Range(0, 20).Select(_ => _gate.OpenAsync()).ToArray();
        Assert.Equal(2, _attempts.Count);
        _attempts[1].SetException(Timeout());
        await Assert.ThrowsAsync<NpgsqlException>(() => others[0].WaitAsync(Patience, TestContext.Current.CancellationToken));
        await WholeSystem.Until.HoldsAsync(() => Attempts == 3, Patience, () => "Nobody tried next.");

        _attempts[2].SetResult(1);
        await WholeSystem.Until.HoldsAsync(() => Attempts == 21, Patience, () => "The server answers, and not all go on.");
        Assert.True(_attempts[3..].All(attempt => attempt.TrySetResult(1)));
        await Task.WhenAll(others[1..]).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_server_that_refuses_is_no_reason_to_wait_for_others()
    {
        var first = _gate.OpenAsync();
        _attempts[0].SetException(new NpgsqlException("refused"));
        await Assert.ThrowsAsync<NpgsqlException>(() => first);

        _ = Enumerable.Range(0, 3).Select(_ => _gate.OpenAsync()).ToArray();

        Assert.Equal(4, _attempts.Count);
    }

    private static NpgsqlException Timeout() => new("no answer", new TimeoutException());

    private int Attempts
    {
        get
        {
            lock (_attempts)
            {
                return _attempts.Count;
            }
        }
    }

    private ValueTask<int> Attempt()
    {
        var attempt = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_attempts)
        {
            _attempts.Add(attempt);
        }
        return new(attempt.Task);
    }
}
