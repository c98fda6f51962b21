namespace NeuroCred.Benchmarks.UnderTest;

/// <summary>Asks a replica itself whether it can serve.</summary>
internal static class Readiness
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until a replica says that it is ready, with all its dependencies.</summary>
    /// <exception cref="TimeoutException">It did not within a minute.</exception>
    public static async Task WaitAsync(Uri address, string replica, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(2) };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s_deadline);
        var said = "nothing";
        try
        {
            while (true)
            {
                try
                {
                    said = await http.GetStringAsync("/health/ready", timeout.Token);
                    if (said.Contains("\"status\":\"ready\"", StringComparison.Ordinal))
                    {
                        return;
                    }
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !timeout.IsCancellationRequested)
                {
                    said = e.Message;
                }

                await Task.Delay(s_pause, timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{replica} was not ready after {s_deadline.TotalSeconds:0} s. It said: {said}");
        }
    }
}
