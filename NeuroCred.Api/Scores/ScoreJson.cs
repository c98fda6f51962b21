using System.Globalization;
using System.Text.Json;

namespace NeuroCred.Api.Scores;

/// <summary>A current score as JSON, in which the cache keeps it and GET answers it.</summary>
internal sealed record ScoreJson(long Sequence, string Text)
{
    /// <summary>
    /// What the text begins with. Replicas of the previous version share the cache during a rolling update and write a form without a
    /// sequence, by which theirs is known; they answer what these wrote as it is.
    /// </summary>
    public const string Beginning = "{\"sequence\":";

    public static ScoreJson Of(ScoreAnswer answer) => new(answer.Sequence, JsonSerializer.Serialize(answer, ApiJson.Default.ScoreAnswer));

    /// <summary>Reads what the cache has; null when it is of another form.</summary>
    public static ScoreJson? TryRead(string text)
    {
        if (!text.StartsWith(Beginning, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = text.AsSpan(Beginning.Length);
        var end = rest.IndexOf(',');
        return end > 0 && long.TryParse(rest[..end], NumberStyles.None, null, out var sequence) ? new(sequence, text) : null;
    }

    public ScoreAnswer Read() => JsonSerializer.Deserialize(Text, ApiJson.Default.ScoreAnswer)!;
}
