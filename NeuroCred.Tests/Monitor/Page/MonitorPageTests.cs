using Microsoft.Playwright;
using NeuroCred.Monitor.Model;
using NeuroCred.Tests.Browser;
using NeuroCred.Tests.Monitor.Live;
using static Microsoft.Playwright.Assertions;

namespace NeuroCred.Tests.Monitor.Page;

/// <summary>What someone sees who has the page open.</summary>
[StartsProcesses]
public sealed partial class MonitorPageTests(InstalledBrowser browser) : IClassFixture<InstalledBrowser>
{
    /// <summary>About the widest text font that a Linux desktop has by default, and on many machines the only one.</summary>
    private const string Wide = "DejaVu Sans";

    /// <summary>As wide as Arial and Helvetica.</summary>
    private const string Narrow = "Liberation Sans";

    [Fact]
    public async Task A_killed_replica_is_seen_with_its_reason_and_what_to_do_and_so_is_its_return()
    {
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(), new Scene(3));
        var page = open.Page;
        await Expect(page.Locator("#headline")).ToHaveTextAsync("Nothing wrong.");
        await Expect(page).ToHaveTitleAsync("✓ Nothing wrong · NeuroCred");
        await Expect(page.Locator("#icon")).ToHaveAttributeAsync("href", "icon-healthy.svg");

        open.Scene.Kill("api-2");
        await Expect(page.Locator("#headline")).ToHaveTextAsync("api-2 is down.");
        await Expect(page).ToHaveTitleAsync("▲ api-2 is down · NeuroCred");
        await Expect(page.Locator("#icon")).ToHaveAttributeAsync("href", "icon-unhealthy.svg");
        await Expect(open.Row("api-2").Locator(".word")).ToHaveTextAsync("Down");
        await Expect(open.Row("api-2").Locator("use").First).ToHaveAttributeAsync("href", "#shape-down");
        await Expect(open.Row("api-2").Locator(".since")).ToHaveTextAsync(DurationInSeconds());
        await Expect(open.Row("api-2").Locator(".reason")).ToHaveTextAsync("connection refused");
        await Expect(open.Row("api-2").Locator(".failed")).ToContainTextAsync("12 refused, 3 reset, 15 made elsewhere");
        await Expect(open.Row("api-1").Locator(".share")).ToContainTextAsync("50 %");
        await Expect(page.Locator("#events li").First).ToContainTextAsync("api-2 was killed");
        await Expect(page.Locator("#tally")).ToHaveTextAsync("2 of 3 serving1 of 3 down");

        open.Scene.Finds(Refused(FindingSeverity.Warning));
        await Expect(page.Locator("#headline")).ToHaveTextAsync("api-2 gets no traffic: nothing listens on its port.");
        var finding = page.Locator("[data-finding='no-traffic/refused']");
        await Expect(finding).ToContainTextAsync("12 of 15 attempts were refused.");
        await Expect(finding.Locator("ol li").First).ToHaveTextAsync("Look at its console log.");
        await Expect(finding.Locator("ol li").First).ToBeVisibleAsync();

        open.Scene.ComesBack("api-2").Finds();
        await Expect(page.Locator("#headline")).ToHaveTextAsync("Nothing wrong.");
        await Expect(open.Row("api-2").Locator(".word")).ToHaveTextAsync("Serving");
        await Expect(page.Locator("#events li").First).ToContainTextAsync("api-2 serves again");
        await Expect(page.Locator("#findings").Locator("details")).ToHaveCountAsync(0);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_monitor_that_is_gone_is_told_at_once_and_its_return_too()
    {
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(), new Scene(3).Kill("api-3"));
        var page = open.Page;
        await Expect(open.Row("api-3").Locator(".word")).ToHaveTextAsync("Down");
        await Expect(page.Locator("#lost")).ToBeHiddenAsync();

        var port = await open.StopMonitorAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(NotLiveSince());
        await Expect(page.Locator("#lost")).ToContainTextAsync("The monitor does not answer.");
        await Expect(page).ToHaveTitleAsync("✕ Not live · NeuroCred");
        await Expect(page.Locator("#icon")).ToHaveAttributeAsync("href", "icon-lost.svg");
        await Expect(open.Row("api-1").Locator(".word")).ToHaveTextAsync("was serving");
        await Expect(page.Locator("#headline")).ToHaveTextAsync(AtThatTime());
        await Expect(page.Locator("#feed-word")).ToHaveTextAsync("Not live");
        Assert.Empty(await page.EvaluateAsync<string[]>(Contrasts));

        await open.StartMonitorAsync(port);
        await Expect(page.Locator("#feed-word")).ToHaveTextAsync("Live");
        await Expect(page.Locator("#lost")).ToBeHiddenAsync();
        await Expect(open.Row("api-1").Locator(".word")).ToHaveTextAsync("Serving");
    }

    [Fact]
    public async Task Numbers_that_are_not_renewed_are_not_shown_as_live_though_the_monitor_answers()
    {
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(scheme: ColorScheme.Dark), new Scene(3));

        open.IsStuck = true;
        await Expect(open.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(NotLiveSince());
        Assert.Empty(await open.Page.EvaluateAsync<string[]>(Contrasts));

        open.IsStuck = false;
        await Expect(open.Page.Locator("#feed-word")).ToHaveTextAsync("Live");
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Everything_can_be_done_by_keyboard_and_focus_stays_when_numbers_change()
    {
        await using var open = await OpenPage.OpenAsync(
            await browser.OpenAsync(),
            new Scene(20).Kill("api-7").Happens("api-12", ReplicaState.Draining, "503: draining", TimelineKind.Drained, "api-12 drains")
        );
        var page = open.Page;

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await Expect(page.Locator(".skip")).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#unhealthy")).ToBeFocusedAsync();
        Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));

        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#unhealthy")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Locator("#rows tr")).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#rows tr")).ToHaveCountAsync(20);

        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        var state = page.GetByRole(AriaRole.Button, new() { Name = "State" });
        await Expect(state).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "State" })).ToHaveAttributeAsync("aria-sort", "ascending");
        await Expect(page.Locator("#rows tr").First).ToHaveAttributeAsync("data-replica", "api-7");
        await Expect(page.Locator("#rows tr").Nth(1)).ToHaveAttributeAsync("data-replica", "api-12");

        open.Scene.Kill("api-20");
        await Expect(page.Locator("#rows tr").Nth(1)).ToHaveAttributeAsync("data-replica", "api-20");
        await Expect(state).ToBeFocusedAsync();

        await page.Locator("#events").FocusAsync();
        Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task The_order_and_the_filter_survive_a_reload()
    {
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(), new Scene(3).Kill("api-1").Kill("api-2"));
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Only unhealthy" }).ClickAsync();
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Replica", Exact = true }).ClickAsync();

        await open.Page.ReloadAsync();

        await Expect(open.Page.Locator("#rows tr")).ToHaveCountAsync(2);
        await Expect(open.Page.Locator("#rows tr").First).ToHaveAttributeAsync("data-replica", "api-2");
    }

    [Theory]
    [InlineData(Wide, 360, 3)]
    [InlineData(Wide, 360, 20)]
    [InlineData(Wide, 820, 9)]
    [InlineData(Wide, 1101, 20)]
    [InlineData(Wide, 1440, 3)]
    [InlineData(Wide, 1440, 20)]
    [InlineData(Narrow, 360, 3)]
    [InlineData(Narrow, 360, 20)]
    [InlineData(Narrow, 820, 9)]
    [InlineData(Narrow, 1101, 20)]
    [InlineData(Narrow, 1440, 3)]
    [InlineData(Narrow, 1440, 20)]
    public async Task Nothing_is_cut_off_or_needs_scrolling_to_the_side(string font, int width, int replicas)
    {
        var scene = new Scene(replicas)
            .Kill("api-2")
            .Happens("api-3", ReplicaState.Hung, "no answer within 500 ms", TimelineKind.Hung, "api-3 does not answer any more");
        scene.Finds(
            Refused(FindingSeverity.Critical),
            Scene.Finding("no-traffic/failing-probes", FindingSeverity.Warning, "api-3", "api-3 hangs.")
        );
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(width, 800, font: font), scene);
        await Expect(open.Row("api-3").Locator(".word")).ToHaveTextAsync("Hung");
        Assert.Equal([font], await FontsOfAsync(open.Page, "#headline"));

        Assert.Empty(
            await open.Page.EvaluateAsync<string[]>(
                """
                () => [document.documentElement, ...document.querySelectorAll("body *")]
                  .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && getComputedStyle(e).display !== "inline" && !(e instanceof SVGElement))
                  .map(e => `${e.tagName.toLowerCase()}.${e.className}#${e.id}: ${e.scrollWidth} of ${e.clientWidth}`)
                """
            )
        );
        Assert.True(
            await open.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"),
            "The page is wider than the window."
        );
        Assert.Empty(open.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_stands_out_from_what_is_behind_it(ColorScheme scheme)
    {
        var scene = new Scene(9)
            .Kill("api-2")
            .Happens("api-3", ReplicaState.Hung, "no answer within 500 ms", TimelineKind.Hung, "api-3 does not answer any more")
            .Happens("api-4", ReplicaState.Draining, "503: draining", TimelineKind.Drained, "api-4 drains")
            .Happens("api-5", ReplicaState.Degraded, "redis: timed out", TimelineKind.Degraded, "api-5 does without redis");
        scene.Finds(
            Refused(FindingSeverity.Critical),
            Scene.Finding("no-traffic/failing-probes", FindingSeverity.Warning, "api-3", "api-3 hangs."),
            Scene.Finding("no-traffic/drained", FindingSeverity.Notice, "api-4", "api-4 is drained.")
        );
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(scheme: scheme), scene);
        await Expect(open.Page.Locator("#findings details")).ToHaveCountAsync(3);
        var background = await open.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor");
        Assert.Equal(scheme == ColorScheme.Dark, Regex.Match(background, @"\d+").Value.Length < 3);

        Assert.Empty(await open.Page.EvaluateAsync<string[]>(Contrasts));
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_told_before_all_else()
    {
        var scene = new Scene(3) { GatewayAnswers = false };
        scene.Finds(Refused(FindingSeverity.Notice));
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(), scene);
        await Expect(open.Page.Locator("#headline")).ToHaveTextAsync("The gateway does not answer.");
        await Expect(open.Page.Locator("#icon")).ToHaveAttributeAsync("href", "icon-unhealthy.svg");

        scene.GatewayAnswers = true;
        await Expect(open.Page.Locator("#headline")).ToHaveTextAsync("api-2 gets no traffic: nothing listens on its port.");
    }

    [Fact]
    public async Task A_screen_reader_finds_a_name_for_everything_and_a_table_with_headings()
    {
        var scene = new Scene(3).Kill("api-2").Finds(Refused(FindingSeverity.Critical));
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(360, 800), scene);
        await Expect(open.Row("api-2").Locator(".word")).ToHaveTextAsync("Down");
        var session = await open.Page.Context.NewCDPSessionAsync(open.Page);
        var tree = (await session.SendAsync("Accessibility.getFullAXTree"))!
            .Value.GetProperty("nodes")
            .EnumerateArray()
            .Where(node => !node.GetProperty("ignored").GetBoolean())
            .Select(node => (Role: Value(node, "role"), Name: Value(node, "name")))
            .ToList();

        string[] named =
        [
            "button",
            "combobox",
            "link",
            "image",
            "img",
            "columnheader",
            "rowheader",
            "table",
            "DisclosureTriangle",
            "region",
            "heading",
        ];
        Assert.DoesNotContain(tree, node => named.Contains(node.Role) && string.IsNullOrWhiteSpace(node.Name));
        // As cards on a phone it still is a table.
        Assert.Contains(("table", "Replicas"), tree);
        Assert.Equal(12, tree.Count(node => node.Role == "columnheader"));
        Assert.Equal(
            ["api-1localhost:4001", "api-2localhost:4002", "api-3localhost:4003"],
            tree.Where(node => node.Role == "rowheader").Select(node => node.Name!.Replace(" ", "", StringComparison.Ordinal))
        );
        Assert.Contains(
            tree,
            node => node.Role is "img" or "image" && node.Name!.Contains("attempts in the last second", StringComparison.Ordinal)
        );
        await Expect(open.Page.Locator("#headline")).ToHaveAttributeAsync("role", "status");
    }

    [Fact]
    public async Task Names_and_lines_from_outside_stay_text()
    {
        const string evil = "<img src=x onerror=\"document.title='owned'\">";
        var scene = new Scene(["api-1", evil]).Kill("api-1").Finds(Scene.Finding(evil, FindingSeverity.Warning, evil, evil));
        scene.Happens(evil, ReplicaState.NotReady, evil, TimelineKind.NotReady, evil);
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(), scene);

        await Expect(open.Page.Locator("#rows tr").Nth(1).Locator(".strong")).ToHaveTextAsync(evil);
        await Expect(open.Page.Locator("#rows tr").Nth(1).Locator(".reason")).ToHaveTextAsync(evil);
        await Expect(open.Page.Locator("#events li").First).ToContainTextAsync(evil);
        await Expect(open.Page.Locator("#headline")).ToHaveTextAsync(evil);
        await Expect(open.Page.Locator("img")).ToHaveCountAsync(0);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Nothing_moves_for_who_does_not_want_it()
    {
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(motion: ReducedMotion.Reduce), new Scene(3));

        Assert.Equal("none", await open.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.pulse')).animationName"));
    }

    [Fact]
    public async Task History_goes_on_where_it_began()
    {
        await using var open = await OpenPage.OpenAsync(await browser.OpenAsync(), new Scene(3));
        var line = open.Row("api-1").Locator(".traffic .line");
        var before = await line.GetAttributeAsync("d");

        await Expect(line).Not.ToHaveAttributeAsync("d", before!);

        // A point each second, and never more than two minutes of them.
        var points = Regex.Count((await line.GetAttributeAsync("d"))!, "[ML]");
        Assert.Equal(120, points);
    }

    private static Finding Refused(FindingSeverity severity) =>
        Scene.Finding("no-traffic/refused", severity, "api-2", "api-2 gets no traffic: nothing listens on its port.");

    /// <summary>The families that an element's text is drawn with, whatever the page asked for.</summary>
    private static async Task<IEnumerable<string>> FontsOfAsync(IPage page, string selector)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("DOM.enable");
        await session.SendAsync("CSS.enable");
        var root = (await session.SendAsync("DOM.getDocument"))!.Value.GetProperty("root").GetProperty("nodeId").GetInt32();
        var node = (await session.SendAsync("DOM.querySelector", new() { ["nodeId"] = root, ["selector"] = selector }))!
            .Value.GetProperty("nodeId")
            .GetInt32();
        var fonts = (await session.SendAsync("CSS.getPlatformFontsForNode", new() { ["nodeId"] = node }))!.Value.GetProperty("fonts");
        return fonts.EnumerateArray().Select(font => font.GetProperty("familyName").GetString()!).ToList();
    }

    private static string? Value(JsonElement node, string name) =>
        node.TryGetProperty(name, out var property) && property.TryGetProperty("value", out var value) ? value.GetString() : null;

    /// <summary>Texts whose contrast to the nearest opaque background above them is below 4.5 (WCAG 2.2, 1.4.3).</summary>
    private const string Contrasts = """
        () => {
          const rgb = color => color.match(/[\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = element => {
            for (let e = element; e; e = e.parentElement) {
              const color = rgb(getComputedStyle(e).backgroundColor);
              if (color.length === 3 || color[3] === 1) return color;
            }
            throw new Error("no background");
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const low = [];
          let texts = 0;
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            const text = walker.currentNode.textContent.trim();
            if (!text || !element.checkVisibility() || element.closest("script, noscript, title, option")) continue;
            texts++;
            const style = getComputedStyle(element);
            const [a, b] = [luminance(rgb(element instanceof SVGElement ? style.fill : style.color)), luminance(behind(element))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) low.push(`${text}: ${ratio.toFixed(2)} (${element.tagName}.${element.className})`);
          }
          return texts > 50 ? low : [`only ${texts} texts were looked at`];
        }
        """;

    [GeneratedRegex(@"^for \d+ s$")]
    private static partial Regex DurationInSeconds();

    [GeneratedRegex(@"Not live since \d\d:\d\d:\d\d\.")]
    private static partial Regex NotLiveSince();

    [GeneratedRegex(@"^At \d\d:\d\d:\d\d: api-3 is down\.$")]
    private static partial Regex AtThatTime();
}
