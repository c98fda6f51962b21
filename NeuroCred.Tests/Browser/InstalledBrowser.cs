using System.Collections;
using Microsoft.Playwright;

namespace NeuroCred.Tests.Browser;

/// <summary>This machine's Chromium, without a window, driven by Playwright. Nothing is downloaded: the driver is part of its
/// package.</summary>
public sealed class InstalledBrowser : IAsyncLifetime
{
    private static readonly string? s_program = Tool.Find("chromium") ?? Tool.Find("chromium-browser") ?? Tool.Find("google-chrome");

    /// <summary>A browser's first page takes its time on a small machine that runs the whole system besides.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, InstalledFont> _fonts = [];
    private readonly Dictionary<string, IBrowser> _browsers = [];
    private IPlaywright? _playwright;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (s_program is null)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout((float)s_patience.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers.Values)
        {
            await browser.DisposeAsync();
        }

        foreach (var font in _fonts.Values)
        {
            font.Dispose();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens an empty page of its own, or skips the test when there is no browser.</summary>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="height">Of the window, in pixels.</param>
    /// <param name="scheme">Light by default.</param>
    /// <param name="motion">Whether the user wants less of it.</param>
    /// <param name="font">The family that is the only font the browser sees; all fonts of this machine by default.</param>
    public async Task<IPage> OpenAsync(
        int width = 1440,
        int height = 900,
        ColorScheme scheme = ColorScheme.Light,
        ReducedMotion motion = ReducedMotion.NoPreference,
        string? font = null
    )
    {
        Assert.SkipWhen(_playwright is null, "No Chromium on PATH: ./setup.sh --tests installs it.");
        var browser = await LaunchAsync(font ?? "");
        var context = await browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = scheme,
                ReducedMotion = motion,
                TimezoneId = "Etc/UTC",
            }
        );
        context.SetDefaultTimeout((float)s_patience.TotalMilliseconds);
        return await context.NewPageAsync();
    }

    /// <summary>The browser that sees this font only, or all of them for an empty name; one for all its pages.</summary>
    private async Task<IBrowser> LaunchAsync(string font)
    {
        if (_browsers.TryGetValue(font, out var running))
        {
            return running;
        }

        var environment = Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
        if (font.Length > 0)
        {
            var installed = _fonts[font] = InstalledFont.Find(font);
            environment["FONTCONFIG_FILE"] = installed.FontconfigFile;
        }

        return _browsers[font] = await _playwright!.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = s_program,
                Env = environment,
                // Chromium's sandbox refuses to start as root, and small containers have little shared memory.
                Args = Environment.IsPrivilegedProcess ? ["--no-sandbox", "--disable-dev-shm-usage"] : ["--disable-dev-shm-usage"],
            }
        );
    }
}
