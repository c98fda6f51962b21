using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests.Dashboard;

/// <summary>The genuine dashboard, run by the genuine orchestrator.</summary>
public sealed class DashboardHostTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Complaints _log = new();
    private readonly IDistributedApplicationTestingBuilder _builder = DistributedApplicationTestingBuilder.Create([], (options, _) => options.DisableDashboard = false);

    public DashboardHostTests()
    {
        _builder.Services.AddSingleton<ILoggerProvider>(_log);
        _builder.AddExecutable("sleeper", "sleep", ".", "1000");
    }

    [Fact]
    public async Task It_asks_for_a_login_comes_back_when_it_is_killed_and_is_gone_when_the_application_is()
    {
        await using var application = await _builder.BuildAsync(TestContext.Current.CancellationToken);
        await application.StartAsync(TestContext.Current.CancellationToken);
        var settings = application.Services.GetRequiredService<DashboardSettings>();
        await _log.WaitForAsync($"Login to the dashboard at {settings.LoginUrl}");

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var stranger = await client.GetAsync(new Uri(settings.FrontendUrl), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, stranger.StatusCode);
        Assert.Contains("/login", stranger.Headers.Location!.ToString(), StringComparison.Ordinal);

        using (var dashboard = FindDashboard(settings))
        {
            dashboard.Kill();
        }

        await _log.WaitForAsync("The dashboard is started again");
        await _log.WaitForAsync($"Login to the dashboard at {settings.LoginUrl}", times: 2);

        var warnings = _log.Warnings;
        await application.StopAsync(TestContext.Current.CancellationToken);
        Assert.All([settings.FrontendUrl, settings.OtlpUrl], url => Assert.True(FreePorts.IsFree(new Uri(url).Port)));
        Assert.Equal(warnings, _log.Warnings);
    }

    [Fact]
    public async Task The_application_runs_without_a_dashboard_that_cannot_start()
    {
        await using var application = await _builder.BuildAsync(TestContext.Current.CancellationToken);
        var settings = application.Services.GetRequiredService<DashboardSettings>();
        using var squatter = new TcpListener(IPAddress.Loopback, new Uri(settings.FrontendUrl).Port);
        squatter.Start();

        await application.StartAsync(TestContext.Current.CancellationToken);

        await application.ResourceNotifications.WaitForResourceAsync("sleeper", KnownResourceStates.Running, TestContext.Current.CancellationToken).WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await _log.WaitForAsync("The application runs without a dashboard, which ended");
        await _log.WaitForAsync("address already in use");
        Assert.Equal(1, _log.Warnings);
    }

    public async ValueTask DisposeAsync()
    {
        await _builder.DisposeAsync();
        _log.Dispose();
    }

    private static Process FindDashboard(DashboardSettings settings)
        => Process.GetProcessesByName("aspire-managed").Single(p => File.ReadAllText($"/proc/{p.Id}/environ").Contains(settings.BrowserToken, StringComparison.Ordinal));

    /// <summary>What the AppHost says of the dashboard.</summary>
    private sealed class Complaints : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private readonly SemaphoreSlim _added = new(0);
        private int _warnings;

        internal int Warnings => _warnings;

        public ILogger CreateLogger(string categoryName) => categoryName == typeof(DashboardHost).FullName ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _warnings += logLevel >= LogLevel.Warning ? 1 : 0;
            _lines.Enqueue(formatter(state, exception));
            _added.Release();
        }

        internal async Task WaitForAsync(string text, int times = 1)
        {
            while (_lines.Count(l => l.Contains(text, StringComparison.Ordinal)) < times)
            {
                Assert.True(await _added.WaitAsync(s_patience, TestContext.Current.CancellationToken), $"'{text}' was not said, but: {string.Join(Environment.NewLine, _lines)}");
            }
        }

        public void Dispose() => _added.Dispose();
    }
}
