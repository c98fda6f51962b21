using Microsoft.Playwright;
using NeuroCred.Monitor.Snapshots;
using NeuroCred.Tests.Monitor.Live;

namespace NeuroCred.Tests.Monitor.Page;

/// <summary>The monitor's page in a browser, over a scene that is played in real time, four snapshots a second.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _ending = new();
    private readonly List<string> _complaints = [];
    private MonitorHost? _host;
    private Task _playing = Task.CompletedTask;

    private OpenPage(IPage page, Scene scene)
    {
        Page = page;
        Scene = scene;
    }

    public IPage Page { get; }

    public Scene Scene { get; }

    /// <summary>No new snapshots come while this is set, though the monitor answers.</summary>
    public bool IsStuck { get; set; }

    /// <summary>What the browser's console complained about, breaches of the content security policy included.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public static async Task<OpenPage> OpenAsync(IPage page, Scene scene, string query = "")
    {
        var open = new OpenPage(page, scene);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                open._complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => open._complaints.Add(error);
        var address = await open.StartMonitorAsync();
        await page.GotoAsync(new Uri(address, query).ToString());
        await Assertions.Expect(page.Locator("#feed-word")).ToHaveTextAsync("Live");
        return open;
    }

    public ILocator Row(string replica) => Page.Locator($"tr[data-replica='{replica}']");

    /// <summary>Ends the monitor, as if it had been killed.</summary>
    public async Task<int> StopMonitorAsync()
    {
        var port = _host!.Address.Port;
        await _host.StopAsync();
        await _host.DisposeAsync();
        _host = null;
        return port;
    }

    public async Task<Uri> StartMonitorAsync(int port = 0)
    {
        var host = _host = await MonitorHost.StartAsync(port);
        host.Feed.Publish(Scene.At(DateTimeOffset.UtcNow));
        _playing = Task.WhenAll(_playing, Task.Run(() => PlayAsync(host.Feed), Cancellation));
        return host.Address;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _playing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Page.Context.CloseAsync();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _ending.Dispose();
    }

    private async Task PlayAsync(SnapshotFeed feed)
    {
        while (!_ending.IsCancellationRequested)
        {
            await Task.Delay(s_pace, _ending.Token);
            if (!IsStuck)
            {
                feed.Publish(Scene.At(DateTimeOffset.UtcNow));
            }
        }
    }
}
