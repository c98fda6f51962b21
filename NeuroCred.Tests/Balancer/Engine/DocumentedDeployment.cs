using NeuroCred.Tests.Documents;

namespace NeuroCred.Tests.Balancer.Engine;

/// <summary>What is the same of all deployments whose commands the pages have.</summary>
internal static class DocumentedDeployment
{
    private const string Wallet = "0x582177481F742e3cfdB0245e41D432A9F27B86F2";

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    /// <summary>Whether a page says of a command that it is for later.</summary>
    public static bool IsForLater(string command) => command.Contains("# later: ", StringComparison.Ordinal);

    /// <summary>Dumps the database, has another score computed, restores the dump, and asserts that the system is as it was when it was
    /// dumped.</summary>
    /// <param name="shell">Where the commands run.</param>
    /// <param name="client">A client of it.</param>
    /// <param name="isForDeployment">Which of the page's commands are for this deployment.</param>
    /// <param name="waitUntilHealthyAsync">Waits until the replicas are.</param>
    public static async Task BackUpAndRestoreAsync(
        ReadersShell shell,
        GatewayClient client,
        Func<string, bool> isForDeployment,
        Func<Task> waitUntilHealthyAsync
    )
    {
        var page = MarkdownPage.Named("docs/deploying/backup.md");
        await GatewayClient.ReadAsync(await client.SendTransactionsAsync(Wallet, GatewayClient.Transaction("one", 2000)));
        var (before, _) = await ScoreAsync("before");
        await shell.RunAsync(page.CommandsUnder("Make a dump").Where(isForDeployment));
        await ScoreAsync("after");
        Assert.NotEqual(before, await ReadAsync());

        await shell.RunAsync(page.CommandsUnder("Restore it").Where(isForDeployment));
        await waitUntilHealthyAsync();

        Assert.Equal(before, await ReadAsync());
        Assert.Equal((before, true), await ScoreAsync("before"));
        Assert.False((await ScoreAsync("after")).Replayed);

        async Task<string> ReadAsync() => (await client.GetScoreAsync(Wallet)).GetRawText();

        async Task<(string Score, bool Replayed)> ScoreAsync(string idempotencyKey)
        {
            var response = await client.ComputeScoreAsync(Wallet, idempotencyKey);
            var replayed = response.Headers.Contains("Idempotent-Replayed");
            return ((await GatewayClient.ReadAsync(response)).GetRawText(), replayed);
        }
    }

    /// <summary>Waits until the gateway leads from HTTP to HTTPS, and answers there.</summary>
    public static async Task AssertLeadsToHttpsAsync(int port, int httpsPort, string certificateFile)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = SelfSignedCertificate.Accepting(certificateFile) },
        };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(15) };
        var answered = "";
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    using var plain = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/api"), Cancellation);
                    using var secure = await http.GetAsync(new Uri($"https://127.0.0.1:{httpsPort}/health/ready"), Cancellation);
                    answered = $"{plain.StatusCode} and {secure.StatusCode}";
                    return plain.StatusCode == HttpStatusCode.PermanentRedirect
                        && secure.StatusCode == HttpStatusCode.OK
                        && secure.Headers.Contains("Strict-Transport-Security");
                }
                catch (HttpRequestException exception)
                {
                    answered = exception.Message;
                    return false;
                }
            },
            s_deadline,
            () => $"HTTP and HTTPS: {answered}."
        );
    }
}
