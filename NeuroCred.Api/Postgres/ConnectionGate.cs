using Npgsql;

namespace NeuroCred.Api.Postgres;

/// <summary>
/// Opens connections, one at a time while Postgres does not answer. An attempt that was given up stays in the queue of a frozen server,
/// which has to work off all of them before it serves again: hundreds, if every request left its own.
/// </summary>
internal sealed class ConnectionGate<T>(Func<ValueTask<T>> open, TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim _trial = new(1);
    private volatile bool _silent;

    /// <exception cref="TimeoutException">Others tried in vain for as long as this one may wait.</exception>
    public async Task<T> OpenAsync()
    {
        if (!_silent)
        {
            return await TryAsync();
        }
        if (!await _trial.WaitAsync(patience))
        {
            throw new TimeoutException("no connection could be opened");
        }
        try
        {
            if (_silent)
            {
                return await TryAsync();
            }
        }
        finally
        {
            _trial.Release();
        }
        return await TryAsync();
    }

    private async Task<T> TryAsync()
    {
        try
        {
            var connection = await open();
            _silent = false;
            return connection;
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            _silent = true;
            throw;
        }
    }

    public void Dispose() => _trial.Dispose();
}
