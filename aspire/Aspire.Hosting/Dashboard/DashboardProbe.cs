namespace Aspire.Hosting.Dashboard;

/// <summary>Finds out whether the dashboard answers.</summary>
internal static class DashboardProbe
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    /// <summary>Asks until there is an answer, whatever it says: to a stranger it is a redirection to the login page.</summary>
    internal static async Task WaitUntilItAnswersAsync(string url, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = s_timeout };
        while (true)
        {
            try
            {
                using var response = await client.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(s_interval, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
