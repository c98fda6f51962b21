using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests.Model;

public sealed class ResourceLogTests : IDisposable
{
    private const int Kept = 10_000;

    private readonly ResourceLoggerService _loggers = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public async Task A_reader_gets_what_was_written_before_and_then_what_is_written()
    {
        Write(1, 2);
        await using var reader = ReadAsync();
        Assert.Equal(["line 1", "line 2"], (await NextAsync(reader)).Select(l => l.Content));
        Write(3);
        Assert.Equal([new LogLine(3, "line 3", false)], await NextAsync(reader));
    }

    [Fact]
    public async Task Every_reader_gets_every_line()
    {
        await using var one = ReadAsync();
        await using var two = ReadAsync();
        var waiting = (NextAsync(one), NextAsync(two));
        Write(1);
        Assert.Equal(["line 1"], (await waiting.Item1).Select(l => l.Content));
        Assert.Equal(["line 1"], (await waiting.Item2).Select(l => l.Content));
    }

    [Fact]
    public async Task The_log_so_far_is_read_without_waiting_for_more()
    {
        Write(1);
        var batches = 0;
        await foreach (var lines in _loggers.GetAllAsync("api").WithCancellation(Token))
        {
            Assert.Equal(["line 1"], lines.Select(l => l.Content));
            batches++;
        }

        Assert.Equal(1, batches);
    }

    [Fact]
    public async Task Only_the_last_lines_are_kept_and_their_numbers_tell_what_is_missing()
    {
        Write([.. Enumerable.Range(1, Kept + 5)]);
        await using var reader = ReadAsync();
        var lines = await NextAsync(reader);
        Assert.Equal(Kept, lines.Count);
        Assert.Equal((6, "line 6"), (lines[0].LineNumber, lines[0].Content));
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_loses_the_oldest_lines_and_not_the_newest()
    {
        Write(0);
        await using var reader = ReadAsync();
        await NextAsync(reader);
        Write([.. Enumerable.Range(1, Kept + 5)]);
        var lines = await NextAsync(reader);
        Assert.Equal(Kept, lines.Count);
        Assert.Equal($"line {Kept + 5}", lines[^1].Content);
    }

    [Fact]
    public async Task A_reader_that_leaves_is_forgotten()
    {
        using var leave = new CancellationTokenSource();
        await using var reader = _loggers.WatchAsync("api").GetAsyncEnumerator(leave.Token);
        var waiting = reader.MoveNextAsync().AsTask();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_log_that_is_complete_ends_the_readers_it_has_and_those_to_come()
    {
        await using var early = ReadAsync();
        var waiting = early.MoveNextAsync().AsTask();
        Write(1);
        Assert.True(await waiting);
        _loggers.Complete("api");
        Assert.False(await early.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));

        await using var late = ReadAsync();
        Assert.Equal(["line 1"], (await NextAsync(late)).Select(l => l.Content));
        Assert.False(await late.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task A_cleared_log_is_empty_and_goes_on_counting()
    {
        Write(1, 2);
        _loggers.ClearBacklog("api");
        Write(3);
        await using var reader = ReadAsync();
        Assert.Equal([new LogLine(3, "line 3", false)], await NextAsync(reader));
    }

    [Fact]
    public async Task The_AppHost_has_its_say_in_the_log_of_a_resource()
    {
        var logger = _loggers.GetLogger("api");
        logger.LogInformation("Waiting for {Other}", "db");
        logger.LogDebug("too much");
        logger.LogError(new InvalidOperationException("no luck"), "Failed.");
        await using var reader = ReadAsync();
        var lines = await NextAsync(reader);
        Assert.Equal(2, lines.Count);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \[apphost\] Waiting for db$", lines[0].Content);
        Assert.EndsWith("[apphost] Failed. no luck", lines[1].Content, StringComparison.Ordinal);
        Assert.Equal([false, true], lines.Select(l => l.IsErrorMessage));
    }

    [Fact]
    public async Task Logs_of_different_resources_do_not_mix()
    {
        Write(1);
        _loggers.Append("other", "elsewhere", isError: false);
        await using var reader = ReadAsync();
        Assert.Equal(["line 1"], (await NextAsync(reader)).Select(l => l.Content));
    }

    private void Write(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            _loggers.Append("api", $"line {number}", isError: false);
        }
    }

    private IAsyncEnumerator<IReadOnlyList<LogLine>> ReadAsync() => _loggers.WatchAsync("api").GetAsyncEnumerator(Token);

    private static async Task<IReadOnlyList<LogLine>> NextAsync(IAsyncEnumerator<IReadOnlyList<LogLine>> reader)
    {
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));
        return reader.Current;
    }
}
