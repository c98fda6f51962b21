using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Dashboard;

/// <summary>Remembers the last of what the dashboard complained about, for the case that it ends.</summary>
internal sealed class DashboardLog
{
    private const int MaxLines = 5;

    private readonly Lock _lock = new();
    private readonly Queue<string> _complaints = new();

    /// <summary>Takes a line that DCP read: a timestamp, a space, and what the dashboard wrote.</summary>
    internal void Append(string line, bool isStandardError)
    {
        var text = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
        if ((isStandardError ? text : FindComplaint(text)) is { Length: > 0 } complaint)
        {
            lock (_lock)
            {
                _complaints.Enqueue(complaint);
                if (_complaints.Count > MaxLines)
                {
                    _complaints.Dequeue();
                }
            }
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return _complaints.Count == 0 ? "(It complained of nothing.)" : string.Join(Environment.NewLine, _complaints);
        }
    }

    /// <summary>Reads an entry of .NET's JSON console log: the message of an error, and the exception's first line.</summary>
    private static string? FindComplaint(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject entry && entry["LogLevel"]?.GetValue<string>() is "Error" or "Critical"
                ? $"{entry["Message"]} {entry["Exception"]?.ToString().Split('\n')[0]}".Trim()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
