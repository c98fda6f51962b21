using Microsoft.Playwright;
using NeuroCred.Tests.Processes;

namespace NeuroCred.Tests.Browser;

/// <summary>This machine's Chromium, without a window, driven by Playwright. Nothing is downloaded: the driver is part of its package.</summary>
public sealed class InstalledBrowser : IAsyncLifetime
{
    private static readonly string? s_program = Tool.Find("chromium") ?? Tool.Find("chromium-browser") ?? Tool.Find("google-chrome");

    /// <summary>A browser's first page takes its time on a small machine that runs the whole system besides.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (s_program is null)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout((float)s_patience.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = s_program,
            // Chromium's sandbox refuses to start as root, and small containers have little shared memory.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox", "--disable-dev-shm-usage"] : ["--disable-dev-shm-usage"],
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens an empty page of its own, or skips the test when there is no browser.</summary>
    public async Task<IPage> OpenAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, ReducedMotion motion = ReducedMotion.NoPreference)
    {
        Assert.SkipWhen(_browser is null, "No Chromium on PATH: ./setup.sh --tests installs it.");
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = motion,
            TimezoneId = "Etc/UTC",
        });
        context.SetDefaultTimeout((float)s_patience.TotalMilliseconds);
        return await context.NewPageAsync();
    }
}
