using Microsoft.Playwright;
using NeuroCred.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace NeuroCred.Tests.WholeSystem;

/// <summary>
/// A replica is killed while someone looks: at the monitor's page, and at the Aspire dashboard. With NEUROCRED_PICTURES set, the pictures
/// of the documentation are made on the way.
/// </summary>
[Collection(SharedObservedSystem.Name)]
[StartsProcesses]
public sealed partial class MonitorInTheBrowserTests(ObservedSystem system, InstalledBrowser browser, ITestOutputHelper output)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(ObservedSystem.IsForPictures ? 300 : 150);

    [Fact]
    public async Task A_kill_and_the_return_are_seen_on_the_page_and_on_the_dashboard()
    {
        var page = await browser.OpenAsync(width: 1440, height: 840);
        var dashboard = await browser.OpenAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => complaints.Add(error);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(s_deadline);
        using var client = system.Writers("browser");

        // First the pages: a browser that starts leaves little of a small machine to those who are called.
        await page.GotoAsync(system.Monitor.ToString());
        await dashboard.GotoAsync(system.Dashboard.ToString());
        var outcomes = await client.RunWhileAsync(async () =>
        {
            var row = page.Locator("tr[data-replica='api-2']");
            await Expect(row.Locator(".word")).ToHaveTextAsync("Serving", new() { Timeout = 20_000 });
            await Expect(row.Locator(".share")).ToContainTextAsync(AThird(), new() { Timeout = 20_000 });
            var onDashboard = dashboard.Locator("tr, [role=row]").Filter(new() { HasText = "api-2" }).First;
            await Expect(onDashboard).ToContainTextAsync("Running", new() { Timeout = 20_000 });
            await RecordAsync(page, "tr[data-replica='api-2'] .word");
            await RecordAsync(dashboard, "tr, [role=row]", "api-2");
            if (ObservedSystem.IsForPictures)
            {
                await Task.Delay(TimeSpan.FromSeconds(125), timeout.Token); // for lines that have nothing of the start any more
            }

            var killed = await system.Application.KillAsync("api-2");

            await Expect(row).Not.ToHaveAttributeAsync("data-state", "serving", new() { Timeout = 15_000 });
            if (ObservedSystem.IsForPictures)
            {
                await TakePictureAsync(page, "monitor.png");
                await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
                await TakePictureAsync(page, "monitor-dark.png");
                await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            }

            var events = page.Locator("#events li[data-subject='api-2']");
            await Expect(events.Filter(new() { Has = page.Locator("xpath=self::*[@data-kind='gone']") }))
                .ToHaveCountAsync(1, new() { Timeout = 15_000 });
            await system.Application.WaitUntilBackAsync("api-2", killed, timeout.Token);
            await Expect(row).ToHaveAttributeAsync("data-state", "serving", new() { Timeout = 15_000 });
            await Expect(events.First).ToHaveAttributeAsync("data-kind", "back", new() { Timeout = 15_000 });
            // The dashboard hears of it a little later: until then it still shows the process before.
            await dashboard.WaitForFunctionAsync(
                "() => { const [first, last] = [window.seen[0], window.seen.at(-1)]; return last !== first && "
                    + "last.includes('Running') && !last.includes('Unhealthy'); }",
                null,
                new() { Timeout = 20_000 }
            );
            if (ObservedSystem.IsForPictures)
            {
                await page.SetViewportSizeAsync(360, 780);
                await TakePictureAsync(page, "monitor-phone.png");
            }
        });

        var states = await SeenAsync(page);
        var rows = await SeenAsync(dashboard);
        output.WriteLine($"On the page: {string.Join(", ", states)}.");
        output.WriteLine($"On the dashboard: {string.Join(" | ", rows.Select(r => Spaces().Replace(r, " ").Trim()))}");
        await page.Context.CloseAsync();
        await dashboard.Context.CloseAsync();
        Assert.Contains("Down", states);
        Assert.Equal("Serving", states[^1]);
        // The dashboard shows the state, and when the process was started.
        Assert.Contains(
            rows,
            text => text.Contains("Unhealthy", StringComparison.Ordinal) || !text.Contains("Running", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("Unhealthy", rows[^1], StringComparison.Ordinal);
        Assert.NotEqual(rows[0], rows[^1]);
        Assert.Empty(complaints);
        Assert.DoesNotContain(outcomes, o => o.Failed);
    }

    /// <summary>Keeps each text that an element has from now on: what lasts for a moment is missed by asking now and then from
    /// outside.</summary>
    private static async Task RecordAsync(IPage page, string selector, string about = "") =>
        await page.EvaluateAsync(
            """
            ([selector, about]) => {
              window.seen = [];
              const look = () => {
                const text = [...document.querySelectorAll(selector)].map(e => e.textContent).find(text => text.includes(about));
                if (text && text !== window.seen.at(-1)) window.seen.push(text);
              };
              look();
              setInterval(look, 20);
            }
            """,
            new[] { selector, about }
        );

    private static async Task<IReadOnlyList<string>> SeenAsync(IPage page) => await page.EvaluateAsync<string[]>("window.seen");

    private static async Task TakePictureAsync(IPage page, string name) =>
        await page.ScreenshotAsync(
            new() { Path = Path.Combine(Repository.Folder, "docs", "images", name), Animations = ScreenshotAnimations.Disabled }
        );

    [GeneratedRegex(@"\b(2\d|3\d|4\d) %")]
    private static partial Regex AThird();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
