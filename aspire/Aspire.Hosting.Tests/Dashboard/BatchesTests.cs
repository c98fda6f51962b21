using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Tests.Dashboard;

public class BatchesTests
{
    private readonly Channel<int> _source = Channel.CreateUnbounded<int>();

    [Fact]
    public async Task The_first_batch_is_what_is_there_and_the_next_what_came_meanwhile()
    {
        Add(1, 2, 3);
        await using var batches = ReadBatches();

        Assert.True(await batches.MoveNextAsync());
        Assert.Equal([1, 2, 3], batches.Current);

        Add(4);
        Assert.True(await batches.MoveNextAsync());
        Add(5, 6);
        Assert.Equal([4], batches.Current);
        Assert.True(await batches.MoveNextAsync());
        Assert.Equal([5, 6], batches.Current);

        _source.Writer.Complete();
        Assert.False(await batches.MoveNextAsync());
    }

    [Fact]
    public async Task The_first_batch_does_not_wait_for_something_to_be_there()
    {
        await using var batches = ReadBatches();

        var first = batches.MoveNextAsync();

        Assert.True(first.IsCompletedSuccessfully && await first);
        Assert.Empty(batches.Current);
    }

    [Fact]
    public async Task A_reader_that_goes_away_lets_go_of_the_source()
    {
        var hasEnded = false;
        await foreach (var _ in ReadAsync(TestContext.Current.CancellationToken).ReadBatchesAsync(TestContext.Current.CancellationToken))
        {
            break;
        }

        Assert.True(hasEnded);

        async IAsyncEnumerable<int> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                yield return await _source.Reader.ReadAsync(cancellationToken);
            }
            finally
            {
                hasEnded = true;
            }
        }
    }

    private IAsyncEnumerator<IReadOnlyList<int>> ReadBatches()
        => _source.Reader.ReadAllAsync(TestContext.Current.CancellationToken).ReadBatchesAsync(TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);

    private void Add(params int[] items) => Assert.All(items, i => Assert.True(_source.Writer.TryWrite(i)));
}
