using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's log.</summary>
/// <param name="LineNumber">Its number, from 1.</param>
/// <param name="Content">Its text, which begins with a timestamp.</param>
/// <param name="IsErrorMessage">Whether it came from the standard error stream.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>
/// Keeps the log of every resource: what its process writes, and what the AppHost has to say of it. It outlives
/// the process, so that the last words of a crashed one can be read after it was started again.
/// </summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets a logger that writes into a resource's log.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetLogger(resource.GetId());
    }

    /// <summary>Gets a logger that writes into the log of an instance.</summary>
    /// <param name="resourceName">The id of the instance.</param>
    public ILogger GetLogger(string resourceName) => new ResourceLogger(GetLog(resourceName));

    /// <summary>Streams a resource's log, from its beginning, until its end or cancellation.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.GetId());
    }

    /// <summary>Streams the log of an instance, from its beginning, until its end or cancellation.</summary>
    /// <param name="resourceName">The id of the instance.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => GetLog(resourceName).ReadAsync(follow: true);

    /// <summary>Gets a resource's log so far.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetAllAsync(resource.GetId());
    }

    /// <summary>Gets the log of an instance so far.</summary>
    /// <param name="resourceName">The id of the instance.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => GetLog(resourceName).ReadAsync(follow: false);

    /// <summary>Ends every stream of a resource's log.</summary>
    public void Complete(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        Complete(resource.GetId());
    }

    /// <summary>Ends every stream of the log of an instance.</summary>
    /// <param name="name">The id of the instance.</param>
    public void Complete(string name) => GetLog(name).Complete();

    /// <summary>Forgets the log of an instance.</summary>
    /// <param name="resourceName">The id of the instance.</param>
    public void ClearBacklog(string resourceName) => GetLog(resourceName).Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Complete();
        }

        GC.SuppressFinalize(this);
    }

    internal void Append(string resourceName, string content, bool isError) => GetLog(resourceName).Append(content, isError);

    private ResourceLog GetLog(string name) => _logs.GetOrAdd(name, _ => new());

    private sealed class ResourceLogger(ResourceLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not (LogLevel.None or LogLevel.Trace or LogLevel.Debug);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var text = exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception.Message}";
                var time = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                log.Append($"{time} [apphost] {text}", logLevel >= LogLevel.Error);
            }
        }
    }

    private sealed class ResourceLog
    {
        private const int MaxLines = 10_000;

        private readonly Lock _lock = new();
        private readonly Queue<LogLine> _backlog = new();
        private readonly List<Channel<LogLine>> _readers = [];
        private int _lineNumber;
        private bool _isComplete;

        internal void Append(string content, bool isError)
        {
            lock (_lock)
            {
                var line = new LogLine(++_lineNumber, content, isError);
                _backlog.Enqueue(line);
                if (_backlog.Count > MaxLines)
                {
                    _backlog.Dequeue();
                }

                _readers.ForEach(r => r.Writer.TryWrite(line));
            }
        }

        internal void Clear()
        {
            lock (_lock)
            {
                _backlog.Clear();
            }
        }

        internal void Complete()
        {
            lock (_lock)
            {
                _isComplete = true;
                _readers.ForEach(r => r.Writer.TryComplete());
            }
        }

        internal async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadAsync(bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            // A reader that cannot keep up loses the oldest lines, instead of holding all of them in memory.
            var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(MaxLines) { FullMode = BoundedChannelFullMode.DropOldest });
            LogLine[] backlog;
            lock (_lock)
            {
                backlog = [.. _backlog];
                follow &= !_isComplete;
                if (follow)
                {
                    _readers.Add(channel);
                }
            }

            try
            {
                if (backlog.Length > 0)
                {
                    yield return backlog;
                }

                while (follow && await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var lines = new List<LogLine>();
                    while (channel.Reader.TryRead(out var line))
                    {
                        lines.Add(line);
                    }

                    yield return lines;
                }
            }
            finally
            {
                lock (_lock)
                {
                    _readers.Remove(channel);
                }
            }
        }
    }
}
