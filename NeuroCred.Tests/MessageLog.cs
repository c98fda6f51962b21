using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace NeuroCred.Tests;

/// <summary>Keeps the messages of one level that a program logs, with their exceptions.</summary>
/// <param name="level">The level; null keeps those of all.</param>
internal sealed class MessageLog(LogLevel? level = LogLevel.Warning) : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Messages { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => level is null || logLevel == level;

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
            Messages.Enqueue($"{formatter(state, exception)} {exception}".TrimEnd());
        }
    }

    public void Dispose() { }
}
