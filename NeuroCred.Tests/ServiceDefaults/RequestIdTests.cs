using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NeuroCred.ServiceDefaults;

namespace NeuroCred.Tests.ServiceDefaults;

/// <summary>What a client calls its request is found again in logs and traces.</summary>
public class RequestIdTests
{
    private const string Name = "neurocred.request.id";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_requests_id_is_on_each_of_its_log_lines_and_on_its_span()
    {
        var id = Guid.NewGuid().ToString("N");
        using var log = new ScopedLog();
        ConcurrentBag<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Logging.AddProvider(log);
                builder.AddServiceDefaults(new(builder.Configuration));
            },
            app =>
            {
                app.MapDefaultEndpoints();
                app.MapGet("/log", (ILogger<RequestIdTests> logger) => Log(logger));
                app.MapGet("/fail", string () => throw new InvalidOperationException("on purpose"));
            }
        );
        var client = host.Client;
        client.DefaultRequestHeaders.Add("X-Request-ID", id);

        using var answer = await client.GetAsync("/log", Cancellation);
        using var failure = await client.GetAsync("/fail", Cancellation);

        Assert.Equal([id], log.IdsOf("Something happened"));
        Assert.Equal([id], log.IdsOf("/fail failed"));
        await Until.HoldsAsync(() => spans.Count(span => id.Equals(span.GetTagItem(Name))) == 2, s_patience, () => "The spans have no id.");
    }

#pragma warning disable CA1848, CA2254 // one line, once
    private static void Log(ILogger logger) => logger.LogInformation("Something happened");
#pragma warning restore CA1848, CA2254

    private sealed class ScopedLog : ILoggerProvider, ISupportExternalScope
    {
        private readonly ConcurrentBag<(string Message, string? Id)> _lines = [];
        private IExternalScopeProvider _scopes = null!;

        public IEnumerable<string?> IdsOf(string end) =>
            _lines.Where(line => line.Message.EndsWith(end, StringComparison.Ordinal)).Select(line => line.Id);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public ILogger CreateLogger(string categoryName) => new Logger(this);

        public void Dispose() { }

        private sealed class Logger(ScopedLog log) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            )
            {
                string? id = null;
                log._scopes.ForEachScope(
                    (scope, _) =>
                    {
                        if (scope is IEnumerable<KeyValuePair<string, object?>> values)
                        {
                            id = values.FirstOrDefault(value => value.Key == Name).Value as string ?? id;
                        }
                    },
                    0
                );
                log._lines.Add((formatter(state, exception), id));
            }
        }
    }
}
