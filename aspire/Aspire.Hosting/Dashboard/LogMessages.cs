using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard;

/// <summary>Lines of a log as the dashboard takes them, in messages that stay well below the 4 MB a gRPC client accepts.</summary>
internal static class LogMessages
{
    // A character takes up to three bytes.
    private const int MaxCharacters = 500_000;

    internal static IEnumerable<Wire.WatchResourceConsoleLogsUpdate> Create(IReadOnlyList<LogLine> lines)
    {
        var message = new Wire.WatchResourceConsoleLogsUpdate();
        var size = 0;
        foreach (var line in lines)
        {
            var text = line.Content.Length <= MaxCharacters ? line.Content : $"{line.Content.AsSpan(0, MaxCharacters)}...";
            if (size + text.Length > MaxCharacters && size > 0)
            {
                yield return message;
                (message, size) = (new(), 0);
            }

            message.LogLines.Add(new Wire.ConsoleLogLine { LineNumber = line.LineNumber, Text = text, IsStdErr = line.IsErrorMessage });
            size += text.Length;
        }

        if (size > 0 || message.LogLines.Count > 0)
        {
            yield return message;
        }
    }
}
