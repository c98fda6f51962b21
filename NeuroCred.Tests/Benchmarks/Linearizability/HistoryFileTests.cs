using NeuroCred.Benchmarks.Linearizability;
using static NeuroCred.Tests.Benchmarks.Linearizability.HandWritten;

namespace NeuroCred.Tests.Benchmarks.Linearizability;

/// <summary>A history that is written can be checked again.</summary>
public sealed class HistoryFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task What_was_written_is_read()
    {
        Operation[] history =
        [
            Add(0, 1, 0) with
            {
                Told = "200",
                Replica = "api-1",
            },
            Add(1, 2, 1).Unknown(),
            Compute(2, 3, "k1", Body("A", 0)),
            Read(3, 4, null),
            ReadAll(4, 5, Body("A", 0)),
        ];

        await HistoryFile.WriteAsync(_file, history);

        var read = await HistoryFile.ReadAsync(_file, Cancellation);
        Assert.Equal(history.Select(o => o with { AllScores = null }), read.Select(o => o with { AllScores = null }));
        Assert.Equal([Body("A", 0)], read[^1].AllScores);
    }

    [Fact]
    public async Task A_line_that_is_no_operation_is_named()
    {
        await HistoryFile.WriteAsync(_file, [Read(0, 1, null)]);
        await File.AppendAllTextAsync(_file, "{}", Cancellation);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => HistoryFile.ReadAsync(_file, Cancellation));

        Assert.Contains($"Line 2 of {_file}", error.Message);
    }
}
