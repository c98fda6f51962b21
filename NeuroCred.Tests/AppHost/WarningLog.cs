using Microsoft.Extensions.Logging;

namespace NeuroCred.Tests.AppHost;

/// <summary>Keeps the warnings that an application logs.</summary>
internal sealed class WarningLog : ILoggerProvider, ILogger
{
    public List<string> Warnings { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
        {
            lock (Warnings)
            {
                Warnings.Add(formatter(state, exception));
            }
        }
    }

    public void Dispose() { }
}
