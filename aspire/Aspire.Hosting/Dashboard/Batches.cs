using System.Runtime.CompilerServices;

namespace Aspire.Hosting.Dashboard;

/// <summary>Reads a stream in batches.</summary>
internal static class Batches
{
    /// <summary>
    /// Gives whatever is there at once, then waits for more. The first batch never waits: it is empty when nothing is
    /// there. While the reader is busy with a batch, the next one grows.
    /// </summary>
    internal static async IAsyncEnumerable<IReadOnlyList<T>> ReadBatchesAsync<T>(
        this IAsyncEnumerable<T> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var items = source.GetAsyncEnumerator(ending.Token);
        var next = items.MoveNextAsync().Preserve();
        try
        {
            yield return TakeWhatIsThere();
            while (await next.ConfigureAwait(false))
            {
                yield return TakeWhatIsThere();
            }
        }
        finally
        {
            // An iterator must not be disposed while it is asked for its next item.
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)next.AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await items.DisposeAsync().ConfigureAwait(false);
        }

        List<T> TakeWhatIsThere()
        {
            var batch = new List<T>();
            while (next.IsCompletedSuccessfully && next.Result)
            {
                batch.Add(items.Current);
                next = items.MoveNextAsync().Preserve();
            }

            return batch;
        }
    }
}
