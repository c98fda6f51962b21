namespace NeuroCred.AppHost.Supervision;

/// <summary>Holds the cancellation of the latest of several attempts; a new one cancels the one before.</summary>
internal sealed class LatestAttempt : IDisposable
{
    private CancellationTokenSource? _current;

    /// <summary>Cancels the attempt before, and begins a new one.</summary>
    internal CancellationToken Renew()
    {
        Dispose();
        _current = new();
        return _current.Token;
    }

    public void Dispose()
    {
        _current?.Cancel();
        _current?.Dispose();
        _current = null;
    }
}
