using System.Text.Json;
using NeuroCred.Api.Scores;

namespace NeuroCred.Api.Live;

/// <summary>What a live client gets, each as one text frame.</summary>
internal sealed record LiveScoreMessage(string Type, ScoreAnswer Score);

/// <summary>Sent in silence: a browser's script does not see ping frames. Carries the sequence of the last score that was sent.</summary>
internal sealed record LiveHeartbeatMessage(string Type, long Sequence);

internal static class LiveMessages
{
    public static byte[] Of(ScoreAnswer score) =>
        JsonSerializer.SerializeToUtf8Bytes(new("score", score), ApiJson.Default.LiveScoreMessage);

    public static byte[] Heartbeat(long sequence) =>
        JsonSerializer.SerializeToUtf8Bytes(new("heartbeat", sequence), ApiJson.Default.LiveHeartbeatMessage);
}
